// Words somebody wrote to run in another's page: shown as the text they are, and never run.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { signIn, startBrowser } from './harness/browser.mjs'
import { expectQuiet } from './harness/checks.mjs'
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

const texts = [
  '<script>globalThis.ran = 1</script>',
  '<img src="/nothing.png" onerror="globalThis.ran = 2">',
  '"><svg onload="globalThis.ran = 3"></svg>',
  '<a href="javascript:globalThis.ran = 4">看这里</a>',
  '<iframe srcdoc="<script>parent.ran = 5</script>"></iframe>',
  '<style>body { display: none }</style><base href="https://evil.example/">',
  "{{ constructor.constructor('globalThis.ran = 6')() }}",
]

async function sendAs(account, path, body) {
  const signedIn = await fetch(`${program.url}/api/v1/session`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password: program.passwords[account] }),
  })
  const { token } = await signedIn.json()
  const answer = await fetch(program.url + path, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body),
  })
  assert.ok(answer.ok, `${path}: ${answer.status}`)
  return answer.json()
}

it('script in a report and in a note is text in the page, and nothing runs', { timeout: 120_000 }, async () => {
  const all = texts.join('\n')
  const { id } = await sendAs('duty', '/api/v1/incidents', { kind: 'fire', place: 'gh', severity: 'blue', text: all })
  for (const text of texts) await sendAs('duty', `/api/v1/incidents/${id}/actions/add_note`, { text: `备注 ${text}` })
  const page = await browser.openPage(program.url)
  const dialogs = []
  page.on('dialog', (d) => { dialogs.push(d.message()); d.dismiss() })
  await signIn(page, 'duty', program.passwords.duty)
  await page.waitForURL('**/incidents')
  for (const path of ['/incidents', `/incidents/${id}`, '/wall']) {
    await page.goto(path)
    await page.locator('h1').waitFor()
    await page.waitForTimeout(500)
    if (path.endsWith(id)) {
      const shown = await page.locator('body').innerText()
      for (const text of texts) {
        assert.ok(shown.includes(`备注 ${text}`), `not shown as it is: ${text}`)
        assert.ok(shown.replaceAll(`备注 ${text}`, '').includes(text), `the report's words are not shown as they are: ${text}`)
      }
    }
    assert.equal(await page.evaluate(() => globalThis.ran), undefined)
    assert.equal(await page.evaluate(() => document.querySelectorAll('iframe, base, [onerror], [onload], a[href^="javascript:"]').length), 0)
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).display === 'none'), false)
  }
  assert.deepEqual(dialogs, [])
  expectQuiet(page)
})

it('were there a hole, the page\'s own policy would still stop what is written in', { timeout: 60_000 }, async () => {
  const page = await browser.openPage(program.url)
  await page.goto('/sign-in')
  await page.locator('h1').waitFor()
  const ran = await page.evaluate(async () => {
    const inline = document.createElement('script')
    inline.textContent = 'globalThis.ran = 1'
    document.body.append(inline)
    const holder = document.createElement('div')
    holder.innerHTML = '<img src="data:image/png;base64,x" onerror="globalThis.ran = 2">'
    document.body.append(holder)
    const outside = await new Promise((done) => {
      const script = document.createElement('script')
      script.src = 'https://evil.example/x.js'
      script.onload = () => done('loaded')
      script.onerror = () => done('stopped')
      document.body.append(script)
    })
    await new Promise((done) => setTimeout(done, 200))
    return { ran: globalThis.ran, outside }
  })
  assert.deepEqual(ran, { ran: undefined, outside: 'stopped' })
})
