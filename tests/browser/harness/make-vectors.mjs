// Makes the vectors of web/packages/proof with the real program: `node tests/browser/harness/make-vectors.mjs`. Run it again when
// the form of receipts, checkpoints or exports changes.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { addAuditor, asPerson, exportLedger, logKeys, receiptOf, startWitness } from './ledger.mjs'
import { startProgram } from './program.mjs'

const out = {}
for (const hash of ['sha256', 'sm3']) {
  const program = await startProgram({ options: ['--no-feed', '--ledger-hash', hash] })
  const first = await asPerson(program, 'admin')
  const password = 'a long password of the admin'
  await first('PUT', '/api/v1/session/password', { old: program.passwords.admin, new: password })
  const audit = await asPerson(program, 'audit', await addAuditor(program, password))
  const witness = await startWitness(program)
  await program.kill('SIGTERM')
  await program.start()
  const admin = await asPerson(program, 'admin', password)
  await admin('POST', '/api/v1/accounts', { name: 'li.wei', person: 'p-li-wei', roles: ['verifier'] })
  const acts = (await audit('GET', '/api/v1/acts?limit=100')).body.acts
  const act = acts.find((a) => a.kind === 'account_added' && a.subject === 'account:li.wei')
  const alone = await receiptOf(audit, act.id)
  await witness.look()
  const older = (await witness.state()).toString()
  const witnessed = await receiptOf(audit, act.id)
  await admin('POST', '/api/v1/accounts', { name: 'zhao.min', person: 'p-zhao-min', roles: ['verifier'] })
  await new Promise((done) => setTimeout(done, 1500))
  await witness.look()
  const keys = await logKeys(program)
  const vkey = witness.vkey
  await program.kill('SIGTERM')
  const exported = await exportLedger(program)
  out[hash] = {
    act: act.id, keys, witness: `${vkey}\n`, alone, witnessed, older, state: (await witness.state()).toString(),
    files: Object.fromEntries(Object.entries(exported.files).filter(([name]) => name !== 'verify.html').map(([name, bytes]) => [name, bytes.toString('base64')])),
  }
  await exported.remove()
  await witness.stop()
  await program.stop()
}
const to = fileURLToPath(new URL('../../../web/packages/proof/src/testing/vectors.json', import.meta.url))
await writeFile(to, `${JSON.stringify(out, null, 1)}\n`)
console.log(to, Object.keys(out.sha256.files))
