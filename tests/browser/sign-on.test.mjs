// Single sign-on with the real provider: an account that is linked, one made by a rule, one that is refused; and what came back
// twice, from elsewhere, or was made up.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, it } from 'node:test'
import { startBrowser } from './harness/browser.mjs'
import { startProgram } from './harness/program.mjs'
import { startProvider } from './harness/provider.mjs'

const demo = fileURLToPath(new URL('../../community/demo', import.meta.url))
const people = { wu: { department: 'street' }, zheng: { department: 'parks' }, qian: { department: 'parks' } }
let browser, program, provider, folder, token

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}
const ask = (method, path, body, bearer = token) => fetch(program.url + path, {
  method, headers: { 'Content-Type': 'application/json', ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}) }, body: body ? JSON.stringify(body) : undefined,
})

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shoumen-sign-on-'))
  cpSync(demo, join(folder, 'community'), { recursive: true })
  writeFileSync(join(folder, 'community', 'accounts.yaml'), 'sign_on:\n  - {claim: department, value: street, roles: [street_office], bodies: [street]}\n')
  writeFileSync(join(folder, 'secret'), 'a secret of this test\n', { mode: 0o600 })
  const http = await freePort()
  const redirect = `http://127.0.0.1:${http}/sign-in/return`
  provider = await startProvider({ client: 'shoumen', secret: 'a secret of this test', redirect, people })
  program = await startProgram({
    http, community: join(folder, 'community'),
    options: ['--no-feed', '--oidc-issuer', provider.issuer, '--oidc-client', 'shoumen', '--oidc-secret-file', join(folder, 'secret'), '--oidc-redirect', redirect].filter((o) => o !== '--no-feed'),
  })
  browser = await startBrowser()
  const first = await (await ask('POST', '/api/v1/session', { account: 'admin', password: program.passwords.admin }, '')).json()
  token = first.token
  assert.equal((await ask('PUT', '/api/v1/session/password', { old: program.passwords.admin, new: 'a password of the test' })).status, 204)
})
after(async () => {
  await browser?.close()
  await program?.stop()
  await provider?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function signOn(person) {
  const page = await browser.openPage(program.url)
  await page.goto('/sign-in')
  await page.getByRole('button', { name: '统一身份登录' }).click()
  await page.waitForURL(`${provider.issuer}/**`)
  await page.locator('input[name=login]').fill(person)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  const consent = page.getByRole('button', { name: /continue/i })
  await consent.click()
  await page.waitForURL(`${program.url}/**`)
  return page
}

it('somebody whom a rule of the directory names gets an account with its roles, and nobody else does', { timeout: 120_000 }, async () => {
  const page = await signOn('wu')
  await page.waitForURL('**/incidents')
  const me = await page.evaluate(() => fetch('/api/v1/session').then((r) => r.json()))
  assert.deepEqual(me.roles, ['street_office'])
  assert.match(me.account, /^sso-[0-9a-f]{12}$/)
  assert.ok(!page.url().includes('code='))
  const again = await signOn('wu')
  await again.waitForURL('**/incidents')
  assert.equal((await again.evaluate(() => fetch('/api/v1/session').then((r) => r.json()))).account, me.account)

  const stranger = await signOn('zheng')
  await stranger.getByText('您的统一身份还没有对应的账号').waitFor()
  assert.equal(await stranger.evaluate(() => fetch('/api/v1/session').then((r) => r.status)), 401)
})

it('an account is linked by who may change accounts, and unlinked', { timeout: 120_000 }, async () => {
  assert.equal((await ask('PUT', '/api/v1/accounts/verifier/sign-on', { subject: 'qian' })).status, 204)
  assert.equal((await ask('PUT', '/api/v1/accounts/duty/sign-on', { subject: 'qian' })).status, 409)
  assert.deepEqual((await (await ask('GET', '/api/v1/accounts/verifier/ways-in')).json()).sign_on, ['qian'])
  const page = await signOn('qian')
  await page.waitForURL('**/incidents')
  assert.equal((await page.evaluate(() => fetch('/api/v1/session').then((r) => r.json()))).account, 'verifier')
  assert.equal((await ask('DELETE', '/api/v1/accounts/verifier/sign-on')).status, 204)
  const again = await signOn('qian')
  await again.getByText('您的统一身份还没有对应的账号').waitFor()
})

it('what comes back is taken once, in the browser it began in, with what was begun', { timeout: 120_000 }, async () => {
  const begin = async () => (await ask('POST', '/api/v1/session/sign-on', undefined, '')).json()
  const finish = async (body) => {
    const answer = await ask('PUT', '/api/v1/session/sign-on', body, '')
    return [answer.status, (await answer.json()).error?.code]
  }
  const begun = await begin()
  const address = new URL(begun.url)
  assert.equal(address.searchParams.get('code_challenge_method'), 'S256')
  assert.equal(address.searchParams.get('response_type'), 'code')
  assert.ok(!begun.url.includes(begun.binding))
  const state = address.searchParams.get('state')
  assert.deepEqual(await finish({ code: 'made-up', state: 'made-up', binding: begun.binding }), [401, 'sign-in-again'])
  // A code that the provider never gave; and with it that beginning is used up.
  const [status] = await finish({ code: 'made-up', state, binding: begun.binding })
  assert.ok(status === 503 || status === 401)
  assert.deepEqual(await finish({ code: 'made-up', state, binding: begun.binding }), [401, 'sign-in-again'])
  // Begun by one browser, brought back by another: the address of somebody's own sign-in given to a victim.
  const other = await begin()
  assert.deepEqual(await finish({ code: 'any', state: new URL(other.url).searchParams.get('state'), binding: begun.binding }), [401, 'sign-in-again'])

  // The real code of a real sign-in, shown a second time.
  const page = await browser.openPage(program.url)
  let sent
  page.on('request', (r) => { if (r.method() === 'PUT' && r.url().endsWith('/session/sign-on')) sent = r.postDataJSON() })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: '统一身份登录' }).click()
  await page.locator('input[name=login]').fill('wu')
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await page.getByRole('button', { name: /continue/i }).click()
  await page.waitForURL('**/incidents')
  assert.deepEqual(await finish(sent), [401, 'sign-in-again'])
  // With a beginning of its own the code still belongs to another verifier and nonce.
  const fresh = await begin()
  const [replayed] = await finish({ code: sent.code, state: new URL(fresh.url).searchParams.get('state'), binding: fresh.binding })
  assert.ok(replayed >= 400)
})
