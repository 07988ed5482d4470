// The story of the first start, on the real program: signals become incidents, one is acknowledged, one climbs, one is closed with
// a photograph as evidence; the process is killed and everything is where it was.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectOnlyChinese, expectOnlyEnglish, expectQuiet } from './harness/checks.mjs'
import { makePhoto } from './harness/photo.mjs'
import { publish, startProgram } from './harness/program.mjs'

// Ten minutes of the community in one of ours: its deadlines are waited for, not shortened.
const rate = 10
let browser
let program
before(async () => {
  browser = await startBrowser()
  program = await startProgram({ options: ['--clock-rate', String(rate), '--demo-speed', '600'] })
})
after(async () => {
  await browser?.close()
  await program?.stop()
})

async function enter(account) {
  const page = await browser.openPage(program.url)
  page.setDefaultTimeout(30_000)
  await signIn(page, account, program.passwords[account])
  await page.waitForURL('**/incidents')
  await page.locator('.mark.online').waitFor()
  return page
}
const smoke = (id) => publish({
  mqtt: program.mqtt, token: program.tokens['d-1'], device: 'd-1', payload: { id, device: 'd-1', kind: 'smoke', values: { smoke: true } },
})
const row = (page, id) => page.locator(`[data-incident="${id}"]`)
const timeline = (page, text) => page.locator('.timeline li', { hasText: text }).first()

it('from a signal to a closed incident, over kill -9', { timeout: 300_000 }, async () => {
  const desk = await enter('duty')

  // Signals become incidents, each with an owner and a running deadline.
  await desk.locator('[data-incident]').nth(2).waitFor()
  for (const incident of (await desk.locator('[data-incident]').all()).slice(0, 3)) {
    assert.notEqual((await incident.locator('.lead').innerText()).trim(), '')
    assert.match(await incident.locator('.countdown').innerText(), /\d\d:\d\d|已超时/)
  }
  await expectAccessible(desk)
  await expectOnlyChinese(desk)

  // One reported by hand, and acknowledged.
  await desk.goto('/report')
  await desk.locator('.kinds label', { hasText: '安全隐患' }).click()
  await desk.getByRole('searchbox').fill('光华里 大门')
  await desk.keyboard.press('Enter')
  await desk.locator('.level', { hasText: '中' }).click()
  await desk.getByPlaceholder('看到了什么').fill('门口井盖松动')
  await desk.getByRole('button', { name: '上报', exact: true }).click()
  await desk.waitForURL(/incidents\/\d+$/)
  const taken = desk.url().split('/').at(-1)
  await desk.locator('[data-action=acknowledge]').click()
  await desk.locator('.head .pill', { hasText: '已接单' }).waitFor()
  await timeline(desk, '接单').waitFor()

  // A smoke alarm of one's own: seen at once, and as nobody takes it, it climbs to the street office.
  await desk.goto('/incidents?q=201+火情')
  await desk.locator('.mark.online').waitFor()
  await smoke('s1')
  const fire = desk.locator('[data-incident]', { hasText: '2号楼' })
  await fire.waitFor()
  assert.match(await fire.innerText(), /极高[\s\S]*火情[\s\S]*2号楼[\s\S]*201[\s\S]*微型消防站/)
  const burning = await fire.getAttribute('data-incident')
  await row(desk, burning).getByText('已上报街道').waitFor({ timeout: 60_000 })
  await row(desk, burning).getByText('已超时').waitFor()

  // The responder takes it, goes there, and closes it with a photograph.
  const responder = await enter('responder')
  await responder.goto(`/incidents/${burning}`)
  await responder.locator('[data-action=acknowledge]').click()
  await responder.locator('[data-action=arrive]').click()
  await responder.locator('.head .pill', { hasText: '处置中' }).waitFor()
  await responder.getByText('须先上传处置后的照片').waitFor()
  const photo = await makePhoto(responder, 'the kitchen afterwards')
  await responder.locator('input[data-phase=after]').setInputFiles(photo)
  await responder.locator('.photos img').waitFor()
  // The same picture for something else is refused, with the reason.
  await responder.locator('input[data-phase=before]').setInputFiles(photo)
  await responder.locator('.refused', { hasText: '这张照片以前用过' }).waitFor()
  await expectAccessible(responder)
  await responder.locator('.refused').locator('..').getByRole('button', { name: '不上传了' }).click()
  await responder.locator('[data-action=resolve]').click()
  await responder.getByRole('dialog').getByRole('textbox').fill('已扑灭，无人受伤')
  await responder.getByTestId('submit-action').click()
  await responder.locator('.head .pill', { hasText: '待核验' }).waitFor()
  // Who resolved cannot verify, and is told why.
  await responder.locator('summary').click()
  assert.match(await responder.locator('details').innerText(), /核验通过/)
  assert.equal(await responder.locator('[data-action=verify]').count(), 0)

  const verifier = await enter('verifier')
  await verifier.goto(`/incidents/${burning}`)
  await verifier.locator('.evidence .photos img').waitFor()
  assert.ok(await verifier.locator('.evidence .photos img').evaluate((img) => img.decode().then(() => img.naturalWidth === 640)))
  await verifier.locator('[data-action=verify]').click()
  await verifier.getByTestId('submit-action').click()
  await verifier.locator('.head .pill', { hasText: '已办结' }).waitFor()
  await row(desk, burning).waitFor({ state: 'detached' })

  // A payload that cannot be read is shown, with its reason.
  await publish({ mqtt: program.mqtt, token: program.tokens['d-1'], device: 'd-1', payload: '{"device":"d-1","kind":"smoke","values":{"smoke":tru' })
  await desk.goto('/quarantine?q=d-1+tru')
  await desk.locator('.detail pre', { hasText: '{"device":"d-1","kind":"smoke","values":{"smoke":tru' }).waitFor()
  await desk.locator('.detail h2', { hasText: '不是有效的' }).waitFor()
  await expectOnlyChinese(desk)
  await expectAccessible(desk)

  // Killed in the middle of it all; started again on the same data; the page comes back by itself.
  await desk.goto('/incidents')
  await row(desk, taken).waitFor()
  const before = await responder.evaluate((id) => fetch(`/api/v1/incidents/${id}`).then((r) => r.json()), burning)
  const now = await desk.evaluate(() => fetch('/api/v1/incidents?live=1&limit=1').then((r) => r.json()).then((a) => a.now))
  await program.kill('SIGKILL')
  await desk.getByText('连接已断开').waitFor()
  await program.start(['--clock-start', now])
  await desk.getByText('连接已断开').waitFor({ state: 'hidden', timeout: 60_000 })
  await desk.locator('.mark.online').waitFor()
  await row(desk, taken).locator('.pill', { hasText: '已接单' }).waitFor()

  const afterwards = await responder.evaluate((id) => fetch(`/api/v1/incidents/${id}`).then((r) => r.json()), burning)
  for (const field of ['timeline', 'evidence', 'told', 'times', 'state', 'lead', 'verifier', 'resolver']) assert.deepEqual(afterwards[field], before[field], field)
  await desk.goto(`/incidents/${burning}`)
  await desk.locator('.head .pill', { hasText: '已办结' }).waitFor()
  await timeline(desk, '已扑灭，无人受伤').waitFor()
  assert.ok(await desk.locator('.evidence .photos img').evaluate((img) => img.decode().then(() => img.naturalWidth === 640)))
  await desk.goto(`/incidents/${taken}`)
  await desk.getByText('门口井盖松动').waitFor()

  // And signals go on becoming incidents, on an English page as well.
  await desk.getByRole('button', { name: 'duty' }).click()
  await desk.getByRole('menuitem', { name: 'English' }).click()
  await desk.getByText('In the reporter’s words').waitFor()
  await desk.locator('.text p').evaluate((p) => p.setAttribute('lang', 'zh-CN')) // a person's own words stay as they are
  await desk.goto('/incidents')
  await desk.locator('[data-incident]').first().waitFor()
  await expectOnlyEnglish(desk)
  for (const page of [desk, responder, verifier]) expectQuiet(page)
})
