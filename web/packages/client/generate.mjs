// Writes src/openapi.ts from api/openapi.json; with --check only compares, so that the client cannot fall behind the contract.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const contract = new URL('../../../api/openapi.json', import.meta.url)
const target = new URL('./src/openapi.ts', import.meta.url)

const head = '// This file was auto-generated from api/openapi.json by `npm run generate`. Do not edit.\n'
const wanted = head + astToString(await openapiTS(contract))

if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '')
  if (present !== wanted) {
    console.error('packages/client/src/openapi.ts is older than api/openapi.json: run `npm run generate` in web/')
    process.exit(1)
  }
} else {
  await writeFile(target, wanted)
}
