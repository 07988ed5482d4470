// Chromium as Debian ships it, driven by playwright-core. Each call of `openPage` is a visitor of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const executablePath = process.env.SHOUMEN_CHROMIUM ?? '/usr/bin/chromium'
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage',
]

export const desk = { width: 1366, height: 768 }
export const phone = { width: 390, height: 844 }

// One browser with an empty profile; gone, with all it wrote, after `close`.
export async function startBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'shoumen-browser-'))
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: profile } })
  return {
    async openPage(url, { viewport = desk, locale = 'zh-CN', dark = false, touch = false, language } = {}) {
      const context = await browser.newContext({ viewport, locale, hasTouch: touch, isMobile: touch, timezoneId: 'Asia/Shanghai', baseURL: url })
      if (dark) await context.addInitScript(() => localStorage.setItem('shoumen.theme', 'dark'))
      if (language) await context.addInitScript((l) => localStorage.setItem('shoumen.language', l), language)
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      // What a page must never do; read by the tests.
      page.problems = []
      page.on('pageerror', (e) => page.problems.push(`error: ${e.message}`))
      page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !/Failed to load resource|WebSocket connection/.test(m.text())) page.problems.push(`console: ${m.text()}`) })
      page.on('request', (r) => { if (!r.url().startsWith(url) && !/^(blob|data):/.test(r.url())) page.problems.push(`outside: ${r.url()}`) })
      return page
    },
    async close() {
      await browser.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

export async function signIn(page, account = 'officer', password = 'a long password') {
  await page.goto('/sign-in')
  await page.locator('input[name=account]').fill(account)
  await page.locator('input[name=password]').fill(password)
  // Answered, whatever the answer: who goes elsewhere before has asked for nothing.
  const answered = page.waitForResponse((r) => r.request().method() === 'POST' && new URL(r.url()).pathname === '/api/v1/session').catch(() => {})
  await page.locator('button[type=submit]').click()
  await answered
}
