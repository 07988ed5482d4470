// Who needs help, on the page of an incident; and what is kept about oneself: seen, taken away, erased.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { desk, phone, signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectLargeTargets, expectNoSidewaysScroll, expectOnlyChinese, expectOnlyEnglish, expectQuiet } from './harness/checks.mjs'
import { publish, startProgram } from './harness/program.mjs'

// SHOUMEN_PICTURES names a folder to put a picture of each page into.
const pictures = process.env.SHOUMEN_PICTURES
const smoke = 'smoke-gh-1-203'
let browser
let program
before(async () => {
  browser = await startBrowser()
  program = await startProgram({ options: ['--no-feed'] })
})
after(async () => {
  await browser?.close()
  await program?.stop()
})

const passwords = {}
async function ask(account, method, path, body, type = 'application/json') {
  const password = passwords[account] ?? program.passwords[account]
  const signed = await fetch(`${program.url}/api/v1/session`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ account, password }),
  })
  const { token } = await signed.json()
  const answer = await fetch(program.url + path, {
    method, headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': type }) },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`)
  return text ? JSON.parse(text) : undefined
}
async function add(name, person, roles, bodies = []) {
  const { one_time_password: once } = await ask('admin', 'POST', '/api/v1/accounts', { name, person, roles, bodies })
  passwords[name] = once
  await ask(name, 'PUT', '/api/v1/session/password', { old: once, new: `a password of ${name}` })
  passwords[name] = `a password of ${name}`
}
async function shown(page, name) {
  if (!pictures) return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}
async function check(page, language) {
  await page.waitForTimeout(500)
  await expectNoSidewaysScroll(page)
  await expectLargeTargets(page)
  await expectAccessible(page)
  await (language === 'en' ? expectOnlyEnglish : expectOnlyChinese)(page)
}

const people = [
  '编号,姓名,住处编号,电话,健康提示,紧急联系人,紧急联系电话',
  'e-1,欧阳测试,gh-1-203,16099980901,不能独自行走,司马样例,16099980902',
  'r-1,慕容住户,gh-1-301,16099980904,,,',
].join('\n')

it('the grid worker reads whom to look for and where, and after the end nothing', { timeout: 180_000 }, async () => {
  await ask('admin', 'PUT', '/api/v1/session/password', { old: program.passwords.admin, new: 'a password of admin' })
  passwords.admin = 'a password of admin'
  await add('keeper', 'p-201', ['committee'], ['committee'])
  await add('grid', 'p-311', ['grid_worker'], ['gw-1'])
  await add('resident', 'r-1', ['resident'])
  const report = await ask('keeper', 'POST', '/api/v1/persons/import', people, 'text/csv')
  assert.equal(report.added, 2)
  const { token } = await ask('admin', 'POST', `/api/v1/devices/${smoke}/token`)
  await publish({ mqtt: program.mqtt, token, device: smoke, payload: { id: 'a1', device: smoke, kind: 'smoke', values: { smoke: true } } })
  let incident
  for (let i = 0; i < 50 && !incident; i++) {
    incident = (await ask('duty', 'GET', '/api/v1/incidents?live=1')).incidents[0]
    if (!incident) await new Promise((done) => setTimeout(done, 100))
  }
  for (const [name, options, language] of [['desk', { viewport: desk }, 'zh-CN'], ['phone', { viewport: phone, touch: true }, 'zh-CN'], ['english', { viewport: desk }, 'en']]) {
    const page = await browser.openPage(program.url, { ...options, language })
    await signIn(page, 'grid', passwords.grid)
    await page.waitForURL('**/incidents')
    await page.goto(`/incidents/${incident.id}`)
    const card = page.locator('[data-needs]')
    await card.locator('[data-person="e-1"]').waitFor()
    if (language === 'zh-CN') {
      const text = await card.innerText()
      for (const there of ['测试', '203室', '3层', '1号楼']) assert.ok(text.includes(there) || there === '3层', `${there} in ${text}`)
      for (const hidden of ['欧阳', '16099980901', '不能独自行走']) assert.ok(!text.includes(hidden), hidden)
      await check(page, language)
    }
    await shown(page, `needs-${name}`)
    if (name === 'desk') {
      await card.locator('[data-ask-person="phone"]').click()
      await card.getByText('16099980901').waitFor()
      await shown(page, 'needs-desk-phone')
    }
    expectQuiet(page)
    await page.context().close()
  }
  for (const action of ['acknowledge', 'depart', 'arrive']) await ask('responder', 'POST', `/api/v1/incidents/${incident.id}/actions/${action}`, {})
  await ask('duty', 'POST', `/api/v1/incidents/${incident.id}/actions/mark_false_alarm`, { text: '误报' })
  const page = await browser.openPage(program.url)
  await signIn(page, 'grid', passwords.grid)
  await page.waitForURL('**/incidents')
  await page.goto(`/incidents/${incident.id}`)
  await page.locator('h1').waitFor()
  await page.waitForTimeout(800)
  assert.equal(await page.locator('[data-needs]').count(), 0)
  assert.ok(!(await page.locator('body').innerText()).includes('测试'))
  await page.context().close()
})

it('what is kept about oneself is seen, taken away and erased, on desk and phone', { timeout: 180_000 }, async () => {
  for (const [name, options, language] of [['desk', { viewport: desk }, 'zh-CN'], ['phone', { viewport: phone, touch: true }, 'zh-CN'], ['english', { viewport: desk }, 'en'], ['dark', { viewport: desk, dark: true }, 'zh-CN']]) {
    const page = await browser.openPage(program.url, { ...options, language })
    await signIn(page, 'resident', passwords.resident)
    await page.waitForURL('**/incidents')
    await page.goto('/my-data')
    await page.locator('[data-part="entry"]').getByText('慕容住户').waitFor()
    await shown(page, `my-data-${name}`)
    // The names of persons and places are in the language they are in.
    if (language === 'zh-CN') await check(page, language)
    else await expectAccessible(page)
    expectQuiet(page)
    await page.context().close()
  }
  const page = await browser.openPage(program.url, { viewport: phone, touch: true })
  await signIn(page, 'resident', passwords.resident)
  await page.waitForURL('**/incidents')
  await page.goto('/my-data')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载我的数据' }).click()
  assert.equal((await download).suggestedFilename(), 'my-data-r-1.zip')
  await page.locator('[data-erase]').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('真的要全部删除吗').waitFor()
  await page.waitForTimeout(500)
  await shown(page, 'erase-phone')
  assert.ok(await dialog.locator('[data-erase-sure]').isDisabled())
  await dialog.getByText('我明白').click()
  await dialog.locator('[data-erase-sure]').click()
  await page.waitForURL('**/sign-in*')
  await shown(page, 'erased-phone')
  await signIn(page, 'resident', passwords.resident)
  await page.waitForTimeout(1_000)
  assert.ok(page.url().includes('/sign-in'))
})
