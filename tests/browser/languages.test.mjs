// Nothing is half translated: every page and every dialog, walked in both languages on the real program. In Chinese no Latin words but
// codes, units and what people of the trade say so; in English no Chinese but what says itself to be.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectOnlyChinese, expectOnlyEnglish } from './harness/checks.mjs'
import { startProgram } from './harness/program.mjs'

const password = 'correct horse battery'
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

const speaksOnly = { 'zh-CN': expectOnlyChinese, en: expectOnlyEnglish }

// Each step leads somewhere and is looked at; what is found is said with the step's name, all of it in one run.
async function walk(page, language, findings) {
  const say = speaksOnly[language]
  return async (name, go) => {
    try {
      await go()
      await page.waitForTimeout(350)
      await say(page)
    } catch (e) {
      findings.push(`${name} (${language}): ${e.message}`)
    }
  }
}

for (const language of ['zh-CN', 'en']) {
  it(`a duty officer’s pages and dialogs: ${language}`, { timeout: 240_000 }, async () => {
    const findings = []
    const page = await browser.openPage(program.url, { language })
    const look = await walk(page, language, findings)
    await look('sign-in', () => page.goto('/sign-in'))
    await look('sign-in refused', async () => {
      await page.locator('input[name=account]').fill('duty')
      await page.locator('input[name=password]').fill('wrong-password')
      await page.locator('button[type=submit]').click()
      await page.locator('[role=alert]').first().waitFor()
    })
    await signIn(page, 'duty', program.passwords.duty)
    await page.waitForURL('**/incidents')
    await page.locator('[data-incident]').nth(1).waitFor()
    await look('keys', async () => { await page.keyboard.press('?'); await page.getByRole('dialog').waitFor() })
    await page.keyboard.press('Escape')
    await look('account menu', async () => { await page.locator('.trigger').click(); await page.getByRole('menu').waitFor() })
    await page.keyboard.press('Escape')
    for (const path of ['/incidents', '/incidents?ended=1', '/incidents?q=zzzz', '/report', '/quarantine', '/devices', '/devices?q=zzzz', '/rules', '/rules?q=zzzz', '/rules/edit', '/wall', '/nowhere', '/incidents/1'])
      await look(path, async () => { await page.goto(path); await page.locator('h1, .title').first().waitFor() })
    await look('report without anything', async () => {
      await page.goto('/report')
      await page.locator('form button[type=submit], form .el-button--primary').last().click()
    })
    await page.goto('/incidents')
    const incident = new URL(await page.locator('[data-incident]').first().getAttribute('href'), program.url).pathname
    await page.goto(incident)
    await page.locator('.timeline').waitFor()
    await look('incident', async () => {})
    const summaries = page.locator('summary')
    for (let i = 0; i < (await summaries.count()); ++i) await look(`what is folded, ${i}`, () => summaries.nth(i).click())
    const actions = await page.locator('[data-action]:not([disabled])').evaluateAll((all) => all.map((a) => a.dataset.action))
    assert.ok(actions.length > 3, `few actions: ${actions}`)
    for (const action of ['transfer', 'merge', 'set_severity', 'escalate', 'mark_false_alarm', 'reopen', 'verify', 'reject'].filter((a) => actions.includes(a))) {
      await look(`dialog ${action}`, async () => {
        await page.locator(`[data-action=${action}]`).first().click()
        await page.getByRole('dialog').waitFor()
      })
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    assert.deepEqual(findings, [])
    await page.context().close()
  })
}

it('an administrator’s pages and dialogs, in both languages', { timeout: 300_000 }, async () => {
  const findings = []
  let first = true
  for (const language of ['zh-CN', 'en']) {
    const page = await browser.openPage(program.url, { language })
    const look = await walk(page, language, findings)
    await signIn(page, 'admin', first ? program.passwords.admin : password)
    if (first) {
      await look('one-time password', () => page.locator('input[name=old]').waitFor())
      await page.locator('input[name=old]').fill(program.passwords.admin)
      await page.locator('input[name=new]').fill('short')
      await page.locator('input[name=again]').fill('other')
      await look('password refused', () => page.locator('button[type=submit]').click())
      await page.locator('input[name=new]').fill(password)
      await page.locator('input[name=again]').fill(password)
      await page.locator('button[type=submit]').click()
    }
    first = false
    await page.waitForURL('**/incidents')
    await page.goto('/devices?q=smoke-gh-4-102')
    const row = page.locator('[data-device="smoke-gh-4-102"]')
    await look('token asked', async () => { await row.getByRole('button').first().click(); await page.getByRole('dialog').waitFor() })
    await look('token shown', async () => { await page.getByRole('dialog').locator('.el-button--primary').click(); await page.getByTestId('token').waitFor() })
    await page.getByRole('dialog').locator('.el-button--primary').click()
    await look('token revoked', async () => { await row.getByRole('button').nth(1).click(); await page.getByRole('dialog').locator('.el-button--primary').waitFor() })
    await page.getByRole('dialog').locator('.el-button--primary').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await look('rule', async () => { await page.goto('/rules?rule=smoke-alarm'); await page.getByTestId('rule-text').waitFor() })
    // Every rule in words.
    await page.keyboard.press('Escape')
    for (let i = 0; i < 6; ++i) await look(`rule ${i}`, () => page.keyboard.press('j'))
    await page.goto('/rules/edit?file=rules/fire.yaml&line=4')
    await page.getByTestId('code').waitFor()
    await look('new file', async () => { await page.getByTestId('add-file').click(); await page.getByRole('dialog').waitFor() })
    await look('new file refused', async () => { await page.locator('input[name=file]').fill('x'); await page.getByTestId('add-file-go').click() })
    await page.keyboard.press('Escape')
    await page.getByTestId('code').fill('rules:\n  - id: [x\n')
    await look('findings', () => page.getByTestId('finding').first().waitFor())
    await page.getByTestId('code').fill('rules:\n  - {id: x, kind: smok, nonsense: 1, count: {at_least: many, within: soon}, alert: {incident: fir, severity: pink}}\n')
    await look('more findings', () => page.getByTestId('finding').nth(2).waitFor())
    await page.getByTestId('revert-all').click()
    await page.getByTestId('code').fill((await page.getByTestId('code').inputValue()) + `# walked in ${language}\n`)
    await page.getByTestId('fine').waitFor()
    await look('dry run', async () => { await page.getByTestId('trial-start').click(); await page.locator('[data-testid=trial-result][data-state=done]').waitFor({ timeout: 60_000 }) })
    await look('activate', async () => { await page.getByTestId('ask-activate').click(); await page.getByTestId('activate').waitFor() })
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await look('file removed', () => page.locator('.title .el-button').last().click())
    await page.getByTestId('revert-all').click()
    await page.context().close()
  }
  assert.deepEqual(findings, [])
})

it('the line lost, in both languages', { timeout: 120_000 }, async () => {
  const findings = []
  for (const language of ['zh-CN', 'en']) {
    const page = await browser.openPage(program.url, { language })
    const look = await walk(page, language, findings)
    await signIn(page, 'duty', program.passwords.duty)
    await page.waitForURL('**/incidents')
    await page.locator('[data-incident]').first().waitFor()
    // Asked for nothing but errors from here on: each page says that it could not be loaded, and how to try again.
    await page.route('**/api/v1/{devices,rules,quarantine}*', (r) => r.fulfill({ status: 503, contentType: 'application/json', body: '{}' }))
    for (const path of ['/devices', '/rules', '/quarantine']) {
      await look(`${path} not loaded`, async () => { await page.goto(path); await page.getByRole('alert').waitFor() })
      await expectAccessible(page)
    }
    await page.context().close()
  }
  assert.deepEqual(findings, [])
})

it('would be caught speaking the other language', { timeout: 60_000 }, async () => {
  const page = await browser.openPage(program.url, { language: 'zh-CN' })
  await page.goto('/sign-in')
  await page.locator('h1').waitFor()
  await expectOnlyChinese(page)
  await page.locator('h1').evaluate((h) => { h.textContent = 'Sign in' })
  await assert.rejects(expectOnlyChinese(page))
  await page.locator('h1').evaluate((h) => { h.textContent = '登录' })
  await page.locator('html').evaluate((h) => { h.lang = 'en' })
  await assert.rejects(expectOnlyEnglish(page))
  await page.context().close()
})
