// Proof of a record, as somebody does it who trusts neither the server nor those who run it.
import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { desk, phone, signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectLargeTargets, expectNoSidewaysScroll, expectOnlyChinese, expectOnlyEnglish, expectQuiet } from './harness/checks.mjs'
import { addAuditor, asPerson, exportLedger, logKeys, receiptOf, startWitness } from './harness/ledger.mjs'
import { startProgram } from './harness/program.mjs'

const adminPassword = 'a long password of the admin'
let browser
let program
let witness
let keys // of the log and of the witness, as they are handed over
let folder
let receipt
let code
let exported
let auditorPassword

before(async () => {
  browser = await startBrowser()
  program = await startProgram({ options: ['--no-feed', '--ledger-hash', 'sm3', '--watch-every', '0.2', '--witness-silent-after', '8'] })
  const first = await asPerson(program, 'admin')
  await first('PUT', '/api/v1/session/password', { old: program.passwords.admin, new: adminPassword })
  auditorPassword = await addAuditor(program, adminPassword)
  witness = await startWitness(program)
  await program.kill('SIGTERM')
  await program.start()
  const admin = await asPerson(program, 'admin', adminPassword)
  await admin('POST', '/api/v1/accounts', { name: 'li.wei', person: 'p-li-wei', roles: ['verifier'] })
  const audit = await asPerson(program, 'audit', auditorPassword)
  const act = (await audit('GET', '/api/v1/acts?limit=100')).body.acts.find((a) => a.subject === 'account:li.wei')
  await receiptOf(audit, act.id) // it is signed by then
  await witness.look()
  ;({ receipt, code } = await receiptOf(audit, act.id))
  folder = await mkdtemp(join(tmpdir(), 'shoumen-usb-'))
  keys = (await logKeys(program)) + `${witness.vkey}\n`
  await writeFile(join(folder, 'receipt.txt'), receipt)
  await writeFile(join(folder, 'keys.txt'), keys)
  await writeFile(join(folder, 'street.state'), await witness.state())
  await program.kill('SIGTERM')
  exported = await exportLedger(program)
  await program.start()
})
after(async () => {
  await browser?.close()
  await witness?.stop()
  await exported?.remove()
  await program?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const given = ['receipt.txt', 'keys.txt', 'street.state', 'ledger']
const give = (page, ...names) => page.getByTestId('files').setInputFiles(names.map((name) => join(folder, name)))
const verdict = (page, wanted) => page.locator(`[data-verdict=${wanted}]`).waitFor()

describe('the page to check with', () => {
  it('works without signing in: a receipt and the keys prove the record', { timeout: 60_000 }, async () => {
    const page = await browser.openPage(program.url)
    const asked = []
    page.on('request', (r) => { if (r.url().includes('/api/')) asked.push(r.url()) })
    await page.goto('/verify')
    await give(page, 'receipt.txt')
    await verdict(page, 'unchecked')
    await page.getByText('还没有公钥，什么都证明不了').waitFor()
    await give(page, 'keys.txt')
    await verdict(page, 'holds')
    const card = page.locator('[data-proven=true]')
    await card.getByText('建立账号').waitFor()
    await card.getByText('账号 li.wei').waitFor()
    await card.getByText('street.example').first().waitFor()
    await card.getByText('Ed25519 + SM2').waitFor()
    for (const check of [expectAccessible, expectLargeTargets, expectNoSidewaysScroll]) await check(page)
    await expectOnlyChinese(page, given)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('Record').first().waitFor()
    await expectOnlyEnglish(page)
    assert.deepEqual(asked, [])
    expectQuiet(page)
    await page.context().close()
  })

  it('says where a receipt was changed, and never more than was proven', { timeout: 60_000 }, async () => {
    const page = await browser.openPage(program.url, { viewport: phone, touch: true })
    await page.goto('/verify')
    await give(page, 'keys.txt')
    const paste = async (text) => {
      await page.getByRole('button', { name: '粘贴文字' }).click()
      await page.getByLabel('回执、二维码里的文字，或公钥').fill(text)
      await page.getByRole('button', { name: '加入' }).click()
    }
    await paste(receipt.replace('li.wei', 'li.wex'))
    await verdict(page, 'findings')
    await page.locator('[data-finding=not_included]').waitFor()
    await page.getByText('没有证明成立').waitFor()
    for (const check of [expectAccessible, expectLargeTargets, expectNoSidewaysScroll]) await check(page)
    await expectOnlyChinese(page, given)
    await page.getByRole('button', { name: '移除 粘贴的文字 1' }).click()
    // A signature with a byte changed.
    await paste(receipt.replace(/time (\d+)/, (_, n) => `time ${Number(n) - 86400}`))
    await verdict(page, 'findings')
    await page.locator('[data-finding=signature]').waitFor()
    await page.getByRole('button', { name: '移除 粘贴的文字 2' }).click()
    await paste(code)
    await verdict(page, 'holds')
    await page.getByRole('button', { name: '移除 keys.txt' }).click()
    await verdict(page, 'unchecked')
    expectQuiet(page)
    await page.context().close()
  })

  it('saved as one file, checks an exported ledger without network and without the server', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, 'verify.html'), exported.files['verify.html'])
    const url = pathToFileURL(join(folder, 'verify.html')).href
    const page = await browser.openPage(url)
    await page.context().setOffline(true)
    await page.goto(url)
    await page.getByTestId('folder').setInputFiles(exported.folder)
    await verdict(page, 'holds')
    await page.getByText('公钥取自账本文件夹本身').waitFor()
    await give(page, 'keys.txt', 'street.state', 'receipt.txt')
    await verdict(page, 'holds')
    await page.getByText('这份账本没有被改过').waitFor()
    for (const check of [expectAccessible, expectLargeTargets, expectNoSidewaysScroll]) await check(page)
    await expectOnlyChinese(page, given)
    // An insider edits a row; then the newest are gone.
    const acts = exported.files['acts'].toString()
    await writeFile(join(exported.folder, 'acts'), acts.replace('li.wei', 'li.wex'))
    await page.getByTestId('folder').setInputFiles(exported.folder)
    await page.locator('[data-finding=changed]').waitFor()
    await page.getByText('这份账本被改过').waitFor()
    await writeFile(join(exported.folder, 'acts'), acts.split('\n').slice(0, -2).join('\n') + '\n')
    await page.getByTestId('folder').setInputFiles(exported.folder)
    await page.locator('[data-finding=deleted]').waitFor()
    await writeFile(join(exported.folder, 'acts'), acts)
    await page.getByTestId('folder').setInputFiles(exported.folder)
    await verdict(page, 'holds')
    expectQuiet(page)
    await page.context().close()
  })
})

async function signedIn(options = {}) {
  const page = await browser.openPage(program.url, options)
  await signIn(page, 'audit', auditorPassword)
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  return page
}

describe('the ledger in the console', () => {
  for (const [name, options] of [['desk', { viewport: desk }], ['phone', { viewport: phone, touch: true }], ['dark desk', { viewport: desk, dark: true }]]) {
    it(`its pages fit, are accessible and speak one language: ${name}`, { timeout: 120_000 }, async () => {
      const findings = []
      for (const language of ['zh-CN', 'en']) {
        const page = await signedIn({ ...options, language })
        await page.goto('/records')
        const proof = new URL(await page.locator('a.prove').first().getAttribute('href'), program.url).pathname
        for (const [path, ready] of [['/ledger', '[data-witness]'], [proof, '[data-proven=true]'], ['/records', '[data-act]'], ['/verify', '[data-testid=files]']]) {
          await page.goto(path)
          await page.locator(ready).first().waitFor({ state: 'attached' })
          const words = language === 'en' ? expectOnlyEnglish : function expectOnlyChineseButNames(p) { return expectOnlyChinese(p, ['li.wei', 'audit', 'admin', 'duty', 'responder', 'verifier', 'police', 'resident', 'reporter']) }
          for (const check of [expectNoSidewaysScroll, expectLargeTargets, expectAccessible, words]) {
            await check(page).catch((e) => findings.push(`${path} (${language}), ${check.name}: ${e.message}`))
          }
        }
        expectQuiet(page)
        await page.context().close()
      }
      assert.deepEqual(findings, [])
    })
  }

  it('a record is proven from its row; the file and a picture of the code prove it again elsewhere', { timeout: 90_000 }, async () => {
    const page = await signedIn()
    await page.goto('/records')
    await page.locator('[data-act]', { hasText: '账号 li.wei' }).getByRole('link', { name: '证明' }).click()
    await page.locator('[data-proven=true]').getByText('最迟从这时起就在账本里').waitFor()
    const picture = await page.getByRole('img', { name: '的二维码' }).screenshot()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载回执' }).click()])
    await writeFile(join(folder, 'code.png'), picture)
    await download.saveAs(join(folder, 'downloaded.txt'))
    assert.equal(await readFile(join(folder, 'downloaded.txt'), 'utf8'), receipt)
    await page.goto('/verify')
    await give(page, 'keys.txt', 'downloaded.txt', 'code.png')
    await verdict(page, 'holds')
    assert.equal(await page.locator('[data-proven=true]').count(), 2)
    expectQuiet(page)
    await page.context().close()
  })

  it('who did something proves it, without seeing what others did', { timeout: 60_000 }, async () => {
    const made = await asPerson(program, 'duty')
    const opened = await made('POST', '/api/v1/incidents', { kind: 'fire', place: (await made('GET', '/api/v1/policy')).body.places[0].code, severity: 'yellow', text: '试一试' })
    assert.ok(opened.status < 300, JSON.stringify(opened.body))
    const noted = await made('POST', `/api/v1/incidents/${opened.body.id}/actions/add_note`, { text: '到现场看过' })
    assert.equal(noted.status, 200, JSON.stringify(noted.body))
    const page = await browser.openPage(program.url)
    await signIn(page, 'duty', program.passwords.duty)
    await page.waitForURL('**/incidents')
    await page.goto(`/incidents/${opened.body.id}`)
    await page.getByRole('link', { name: '证明这些记录' }).click()
    await page.locator('[data-act]', { hasText: '备注' }).getByRole('link', { name: '证明' }).click()
    await page.locator('[data-proven=true]').waitFor()
    expectQuiet(page)
    await page.context().close()
  })

  it('a witness that falls silent is said so, in words and colour', { timeout: 60_000 }, async () => {
    await witness.look()
    const page = await signedIn()
    await page.goto('/ledger')
    await page.locator('[data-witness="street.example"][data-standing=fine]').getByText('正常').waitFor()
    await page.locator('[data-witness="street.example"][data-standing=silent]').getByText('很久没有联署').waitFor({ timeout: 30_000 })
    await page.context().close()
  })

  it('a split view that a witness reports turns the page red', { timeout: 90_000 }, async () => {
    // Yesterday's database and keys; then another today.
    await program.kill('SIGTERM')
    const files = (await readdir(program.data)).filter((name) => name.startsWith('shoumen.db'))
    const before = await mkdtemp(join(tmpdir(), 'shoumen-before-'))
    for (const name of files) await copyFile(join(program.data, name), join(before, name))
    await program.start()
    const admin = await asPerson(program, 'admin', adminPassword)
    await admin('POST', '/api/v1/accounts', { name: 'zhao.min', person: 'p-zhao-min', roles: ['verifier'] })
    await new Promise((done) => setTimeout(done, 1500))
    await witness.look()
    await program.kill('SIGTERM')
    for (const name of (await readdir(program.data)).filter((n) => n.startsWith('shoumen.db'))) await rm(join(program.data, name))
    for (const name of files) await copyFile(join(before, name), join(program.data, name))
    await rm(join(program.data, 'keys', 'last-signed'))
    await rm(before, { recursive: true, force: true })
    await program.start()
    const again = await asPerson(program, 'admin', adminPassword)
    for (const name of ['sun.li', 'qian.jun', 'wu.ying']) await again('POST', '/api/v1/accounts', { name, person: `p-${name}`, roles: ['verifier'] })
    await new Promise((done) => setTimeout(done, 1500))
    const refused = await witness.look().catch((e) => e)
    assert.equal(refused.code, 1, refused.stderr)
    const page = await signedIn()
    await page.goto('/ledger')
    await page.locator('[data-fault=split]').getByText('有见证方看到了另一份历史').waitFor()
    await page.locator('[data-standing=reported]').getByText('报告看到了另一份历史').waitFor()
    for (const check of [expectNoSidewaysScroll, expectAccessible, expectOnlyChinese]) await check(page)
    await page.context().close()
  })
})
