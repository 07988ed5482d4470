// What stands around a ledger: somebody who acts, a witness, receipts, and the export an auditor takes home.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { program as binary } from './program.mjs'

const run = promisify(execFile)

// As an account, through the API.
export async function asPerson(program, account, password = program.passwords[account]) {
  const ask = async (method, path, body, cookie = {}) => {
    const answer = await fetch(program.url + path, {
      method, headers: { 'X-Shoumen': '1', 'Content-Type': 'application/json', ...cookie }, body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : undefined }
  }
  const { body } = await ask('POST', '/api/v1/session', { account, password })
  return (method, path, sent) => ask(method, path, sent, { Authorization: `Bearer ${body.token}` })
}

// Somebody who may see all acts, with a password of their own.
export async function addAuditor(program, adminPassword) {
  const admin = await asPerson(program, 'admin', adminPassword)
  const made = await admin('POST', '/api/v1/accounts', { name: 'audit', person: 'p-audit', roles: ['auditor'] })
  const first = await asPerson(program, 'audit', made.body.one_time_password)
  const password = 'a long password of the auditor'
  await first('PUT', '/api/v1/session/password', { old: made.body.one_time_password, new: password })
  return password
}

export async function startWitness(program, name = 'street.example') {
  const folder = await mkdtemp(join(tmpdir(), 'shoumen-witness-'))
  const look = () => run(binary, ['witness', '--log', program.url, '--key', join(folder, 'key'), '--state', join(folder, 'state'), '--name', name, '--once'])
  // The first look shows its public key; the ledger does not know it yet.
  const { stdout } = await look().catch((e) => e)
  const vkey = /^witness (\S+)$/m.exec(stdout)[1]
  await writeFile(join(program.data, 'keys', 'witnesses'), `# the street office\n${vkey}\n`, { flag: 'a' })
  return { vkey, look, state: () => readFile(join(folder, 'state')), stop: () => rm(folder, { recursive: true, force: true }) }
}

// Asked again while the ledger is being signed.
export async function receiptOf(ask, id) {
  for (;;) {
    const answer = await ask('GET', `/api/v1/acts/${id}/receipt`)
    if (answer.status !== 409) return answer.body
    await new Promise((done) => setTimeout(done, 100))
  }
}

export const logKeys = async (program) => (await fetch(`${program.url}/ledger/keys`)).text()

// Files of the export by their path.
export async function exportLedger(program, name = 'ledger') {
  const folder = await mkdtemp(join(tmpdir(), 'shoumen-export-'))
  const to = join(folder, name)
  await run(binary, ['ledger', 'export', '--data', program.data, '--to', to])
  const files = {}
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) files[relative(to, join(entry.parentPath ?? entry.path, entry.name))] = await readFile(join(entry.parentPath ?? entry.path, entry.name))
  }
  return { folder: to, files, remove: () => rm(folder, { recursive: true, force: true }) }
}
