// Whether there are enough devices, and where the next ones go.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { desk, phone, signIn, startBrowser } from './harness/browser.mjs'
import { startProgram } from './harness/program.mjs'

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

test('coverage against the plan, by building, and where the next devices help', async () => {
  const page = await browser.openPage(program.url, { viewport: desk })
  await signIn(page, 'duty', program.passwords.duty)
  await page.goto('/devices')
  await page.getByRole('link', { name: '覆盖率' }).click()
  const smoke = page.locator('[data-target="smoke"]')
  await smoke.waitFor()
  assert.equal(await smoke.locator('tbody tr').count(), 1)
  assert.match(await smoke.locator('tbody tr').first().innerText(), /15%\s*9 \/ 60 户/)
  await smoke.getByRole('button', { name: '按楼栋查看' }).click()
  assert.ok((await smoke.locator('tbody tr[data-level="building"]').count()) > 5)
  assert.equal(await page.locator('[data-next] li').count(), 10)
  assert.match(await page.locator('[data-next] li').first().innerText(), /老人手环/)
  assert.match(await page.locator('[data-recognised]').innerText(), /没有经人核实/)
  const narrow = await browser.openPage(program.url, { viewport: phone, touch: true })
  await signIn(narrow, 'duty', program.passwords.duty)
  await narrow.goto('/coverage')
  await narrow.locator('[data-target="smoke"]').waitFor()
  assert.ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'wider than the screen')
})
