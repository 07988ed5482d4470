// The rules' story on the real program: change a rule, see what is wrong, try it on what was recorded, cancel, try again, switch it
// on; and what happens when somebody else was quicker.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { desk, phone, signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectLargeTargets, expectNoSidewaysScroll, expectOnlyChinese, expectOnlyEnglish, expectQuiet } from './harness/checks.mjs'
import { startProgram } from './harness/program.mjs'

const password = 'correct horse battery'
const doorRule = `rules:
  - id: refused-twice
    name: {zh: 两次被拒, en: Refused twice}
    kind: smoke
    where: "tamper == true"
    count: {at_least: 2, within: 10m}
    alert: {incident: hazard, severity: blue}
`

let browser
let program
before(async () => {
  browser = await startBrowser()
  program = await startProgram({ options: ['--no-feed'] })
  await ownPassword()
  await record(240_000)
})
after(async () => {
  await browser?.close()
  await program?.stop()
})

async function ask(method, path, body, token, type = 'application/json') {
  const answer = await fetch(`${program.url}/api/v1${path}`, {
    method, headers: { 'Content-Type': type, ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : undefined }
}
const tokenOf = async (word) => (await ask('POST', '/session', { account: 'admin', password: word })).body.token

async function ownPassword() {
  const token = await tokenOf(program.passwords.admin)
  assert.equal((await ask('PUT', '/session/password', { old: program.passwords.admin, new: password }, token)).status, 204)
}

// A smoke alarm that says again and again that all is well, and three times that somebody opened it.
async function record(count) {
  const atOnce = 8_000
  for (let from = 0; from < count; from += atOnce) {
    const signals = Array.from({ length: atOnce }, (_, i) => ({
      id: `q${from + i}`, device: 'd-1', kind: 'smoke', values: from + i < 3 ? { smoke: false, tamper: true } : { smoke: false },
    }))
    for (;;) {
      const { status } = await ask('POST', '/signals', signals, program.tokens['d-1'])
      if (status === 202) break
      assert.equal(status, 429)
      await new Promise((done) => setTimeout(done, 200))
    }
  }
}

// For people to look at: SHOUMEN_PICTURES names a folder.
async function picture(page, name) {
  if (process.env.SHOUMEN_PICTURES) await page.screenshot({ path: `${process.env.SHOUMEN_PICTURES}/${name}.png` })
}

async function enter(path, options = {}) {
  const page = await browser.openPage(program.url, options)
  await signIn(page, 'admin', password)
  await page.waitForURL('**/incidents')
  await page.goto(path)
  await page.locator('h1').waitFor()
  return page
}

it('a rule is written, mended, tried, cancelled, tried again and switched on', { timeout: 240_000 }, async () => {
  const page = await enter('/rules')
  await page.locator('[data-rule]').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('smoke-alarm')
  await page.locator('[data-rule="smoke-alarm"]').click()
  await page.getByTestId('rule-text').waitFor()
  assert.match(await page.getByTestId('rule-text').innerText(), /^- id: smoke-alarm/)
  await expectAccessible(page)
  await page.getByRole('link', { name: '修改规则' }).click()
  await page.waitForURL('**/rules/edit')
  await page.getByTestId('add-file').click()
  await page.locator('input[name=file]').fill('rules/battery.yaml')
  await expectAccessible(page)
  await page.getByTestId('add-file-go').click()
  // Written wrongly: the page says where, beside the text.
  await page.getByTestId('code').fill(doorRule.replace('kind: smoke', 'kind: smok'))
  const finding = page.getByTestId('finding').first()
  await finding.waitFor()
  assert.match(await finding.innerText(), /rules\/battery\.yaml:4[\s\S]*不认识的词[\s\S]*smok[\s\S]*是否应为[\s\S]*smoke/)
  assert.ok(await page.locator('.number.wrong', { hasText: '4' }).count())
  assert.ok(await page.getByTestId('trial-start').isDisabled())
  assert.ok(await page.getByTestId('ask-activate').isDisabled())
  await expectAccessible(page)
  await expectOnlyChinese(page)
  await picture(page, 'finding')
  await finding.click()
  assert.equal(await page.getByTestId('code').evaluate((a) => a.value.slice(a.selectionStart, a.selectionEnd)), '    kind: smok')
  // What was typed is there after a reload.
  await page.reload()
  await page.locator('[data-file="rules/battery.yaml"]').click()
  assert.match(await page.getByTestId('code').inputValue(), /kind: smok\n/)
  await page.getByTestId('code').fill(doorRule)
  await page.getByTestId('fine').waitFor()
  // Tried, and cancelled.
  await page.getByTestId('trial-start').click()
  await page.getByTestId('trial-progress').waitFor()
  await picture(page, 'progress')
  await page.getByTestId('trial-cancel').click()
  await page.locator('[data-testid=trial-result][data-state=cancelled]').waitFor()
  // Tried again, to the end.
  await page.getByTestId('trial-start').click()
  await page.locator('[data-testid=trial-result][data-state=done]').waitFor({ timeout: 60_000 })
  const row = page.locator('.result [data-rule="refused-twice"]')
  assert.match(await row.innerText(), /两次被拒[\s\S]*0[\s\S]*1[\s\S]*\+1[\s\S]*0/)
  await row.getByRole('button').click()
  await page.locator('.examples', { hasText: 'd-1' }).waitFor()
  await expectAccessible(page)
  await expectOnlyChinese(page)
  await picture(page, 'result')
  // Switched on, after a question that says what changes.
  await page.getByTestId('ask-activate').click()
  const dialog = page.getByTestId('activate')
  await dialog.waitFor()
  assert.match(await dialog.innerText(), /新增[\s\S]*rules\/battery\.yaml[\s\S]*预警由 0 次变为 1 次。[\s\S]*新增 1 次/)
  await expectAccessible(page)
  await expectOnlyChinese(page)
  await picture(page, 'activate')
  await page.getByTestId('activate-go').click()
  await page.getByText('已启用，现在是第 2 版').waitFor()
  await page.getByTestId('version').filter({ hasText: '第 2 版' }).waitFor()
  // The rule is in force, and the result is kept for whoever looks later.
  await page.goto('/rules?rule=refused-twice')
  await page.getByTestId('rule-text').waitFor()
  await page.goto('/rules/edit')
  await page.locator('[data-testid=trial-result][data-state=done]').waitFor()
  await page.getByText('下面的结果来自另一份修改').waitFor()
  expectQuiet(page)
  await page.context().close()
})

it('files are picked; who was slower sees the other version and goes on over it', { timeout: 120_000 }, async () => {
  const page = await enter('/rules/edit', { language: 'en' })
  await page.getByTestId('files').setInputFiles([
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
    { name: 'picked.yaml', mimeType: 'text/yaml', buffer: Buffer.from(doorRule.replaceAll('refused-twice', 'picked').replace('at_least: 2', 'at_least: 3')) },
    { name: 'fire.yaml', mimeType: 'text/yaml', buffer: Buffer.from('# mine\n') },
  ])
  await page.getByText('notes.txt: not a name a file here may have').waitFor()
  await page.locator('[data-file="rules/picked.yaml"]').waitFor()
  // Somebody else, meanwhile.
  const token = await tokenOf(password)
  const { body: held } = await ask('GET', '/policy/files', undefined, token)
  held.files['rules/fire.yaml'] += '# theirs\n'
  assert.equal((await ask('POST', '/policy', { files: held.files, based_on: held.version }, token)).body.version, held.version + 1)
  const notice = page.getByTestId('other-version')
  await notice.waitFor()
  assert.match(await notice.innerText(), new RegExp(`Version ${held.version + 1} is in force[\\s\\S]*rules/fire\\.yaml`))
  await expectAccessible(page)
  await expectOnlyEnglish(page)
  await picture(page, 'other-version')
  await notice.getByRole('button', { name: 'Take theirs' }).click()
  await page.getByTestId('go-over').click()
  await notice.waitFor({ state: 'detached' })
  await page.getByTestId('version').filter({ hasText: `version ${held.version + 1}` }).waitFor()
  await page.locator('[data-file="rules/fire.yaml"]').click()
  assert.match(await page.getByTestId('code').inputValue(), /# theirs/)
  await page.getByTestId('fine').waitFor()
  await page.getByTestId('ask-activate').click()
  await page.getByTestId('activate').filter({ hasText: 'have not been tried' }).waitFor()
  await page.getByTestId('activate-go').click()
  await page.getByText(`Switched on: version ${held.version + 2} is in force`).waitFor()
  expectQuiet(page)
  await page.context().close()
})

for (const [name, options] of [['desk', { viewport: desk }], ['dark desk', { viewport: desk, dark: true }], ['phone', { viewport: phone, touch: true }]]) {
  it(`rules and their files fit and speak one language: ${name}`, { timeout: 120_000 }, async () => {
    const findings = []
    for (const language of ['zh-CN', 'en']) {
      const page = await enter('/rules', { ...options, language })
      for (const path of ['/rules', '/rules?rule=refused-twice', '/rules/edit']) {
        await page.goto(path)
        await page.locator('h1').waitFor()
        await page.waitForTimeout(700)
        await picture(page, `${name}-${language}-${path.replace(/\W+/g, '_')}`)
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

it('those who may not change rules see them and cannot', { timeout: 60_000 }, async () => {
  const page = await browser.openPage(program.url)
  await signIn(page, 'duty', program.passwords.duty)
  await page.waitForURL('**/incidents')
  await page.goto('/rules')
  await page.locator('[data-rule]').first().waitFor()
  await page.getByText('规则文件由管理员查看和修改。').waitFor()
  assert.equal(await page.getByRole('link', { name: '修改规则' }).count(), 0)
  await page.goto('/rules/edit')
  await page.getByText('规则文件由管理员查看和修改。').waitFor()
  await page.context().close()
})
