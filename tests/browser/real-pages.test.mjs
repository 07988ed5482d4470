// Every page on the real program's own data; and what only an administrator does.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { desk, phone, signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectLargeTargets, expectNoSidewaysScroll, expectOnlyChinese, expectOnlyEnglish, expectQuiet } from './harness/checks.mjs'
import { publish, startProgram } from './harness/program.mjs'

let browser
let program
before(async () => {
  browser = await startBrowser()
  program = await startProgram({ options: ['--demo-speed', '1200'] })
})
after(async () => {
  await browser?.close()
  await program?.stop()
})

const paths = ['/incidents', '/incidents?ended=1', '/report', '/quarantine', '/devices', '/coverage', '/precision', '/upkeep', '/rules', '/rules/try-message', '/records', '/ledger', '/wall']

for (const [name, options] of [['desk', { viewport: desk }], ['phone', { viewport: phone, touch: true }], ['dark desk', { viewport: desk, dark: true }]]) {
  it(`pages fit, are accessible and speak one language: ${name}`, { timeout: 240_000 }, async () => {
    const findings = []
    for (const language of ['zh-CN', 'en']) {
      const page = await browser.openPage(program.url, { ...options, language })
      await signIn(page, 'duty', program.passwords.duty)
      await page.waitForURL('**/incidents')
      await page.locator('[data-incident]').nth(1).waitFor()
      const incident = new URL(await page.locator('[data-incident]').first().getAttribute('href'), program.url).pathname
      for (const path of [...paths, incident]) {
        await page.goto(path)
        await page.locator('h1').waitFor()
        await page.waitForTimeout(700)
        for (const check of [expectNoSidewaysScroll, expectLargeTargets, expectAccessible, language === 'en' ? expectOnlyEnglish : expectOnlyChinese]) {
          await check(page).catch((e) => findings.push(`${path} (${language}), ${check.name}: ${e.message}`))
        }
      }
      expectQuiet(page)
      await page.context().close()
    }
    assert.deepEqual(findings, [])
  })
}

it('an administrator sets a password, gives a device a token, and the device speaks with it', { timeout: 120_000 }, async () => {
  const page = await browser.openPage(program.url)
  await signIn(page, 'admin', program.passwords.admin)
  await page.getByRole('heading', { name: '设置新密码' }).waitFor()
  await page.locator('input[name=old]').fill(program.passwords.admin)
  await page.locator('input[name=new]').fill('correct horse battery')
  await page.locator('input[name=again]').fill('correct horse battery')
  await page.getByRole('button', { name: '保存并继续' }).click()
  await page.waitForURL('**/incidents')
  await page.goto('/devices?q=smoke-gh-4-102')
  const row = page.locator('[data-device="smoke-gh-4-102"]')
  await row.getByRole('button', { name: '发放令牌' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '发放令牌' }).click()
  const token = (await page.getByTestId('token').innerText()).trim()
  await page.getByRole('button', { name: '已抄好，关闭' }).click()
  await publish({
    mqtt: program.mqtt, token, device: 'smoke-gh-4-102', payload: { id: 'a1', device: 'smoke-gh-4-102', kind: 'smoke', values: { smoke: true } },
  })
  // An administrator sees the floor, not the door.
  await page.goto('/incidents?q=4号楼+火情')
  await page.locator('[data-incident]', { hasText: '火情' }).first().waitFor()
  await page.goto('/devices?q=smoke-gh-4-102')
  await row.getByText('刚刚').waitFor()
  await row.getByRole('button', { name: '吊销令牌' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '吊销令牌' }).click()
  await row.getByText('未发放').waitFor()
  const args = { mqtt: program.mqtt, token, device: 'smoke-gh-4-102', payload: { id: 'a2', device: 'smoke-gh-4-102', kind: 'smoke', values: { smoke: true } } }
  await assert.rejects(publish(args))
  // The new password counts from now on.
  await page.getByRole('button', { name: 'admin' }).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await signIn(page, 'admin', 'correct horse battery')
  await page.waitForURL('**/incidents')
  expectQuiet(page)
})
