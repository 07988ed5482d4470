// What every page must keep to.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// No finding of axe, of any weight.
export async function expectAccessible(page) {
  await page.waitForTimeout(250) // let what fades in be there
  const findings = await page.evaluate(async (source) => {
    // The page's own policy forbids script from elsewhere, so it is run as the tool's, not put into the page.
    if (!('axe' in globalThis)) (0, eval)(source)
    // Element Plus gives its dialogs a <header>, which axe takes for a second banner of the page.
    const rules = { 'landmark-no-duplicate-banner': { enabled: false }, 'landmark-unique': { enabled: false } }
    const { violations } = await globalThis.axe.run(document, { rules, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
  }, axeSource)
  assert.deepEqual(findings, [])
}

export async function expectNoSidewaysScroll(page) {
  const wide = await page.evaluate(() => {
    const found = []
    for (const element of [document.documentElement, document.querySelector('#content')]) {
      if (element && element.scrollWidth > element.clientWidth + 1) found.push(`${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`)
    }
    return found
  })
  assert.deepEqual(wide, [])
}

// What a person has to hit is at least 40 px high and wide, within a pixel. Links in running text do not count, nor what is unseen.
export async function expectLargeTargets(page) {
  const small = await page.evaluate(() => {
    const found = []
    for (const element of document.querySelectorAll('button, a[href], summary, [role=button], input:not([type=hidden])')) {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || element.closest('.unseen, .skip, [aria-hidden=true]') || element.matches('.unseen')) continue
      const holder = element.closest('label, .el-input, .el-textarea, .el-select__wrapper')?.getBoundingClientRect() ?? box
      if (Math.max(box.height, holder.height) < 39.5 || Math.max(box.width, holder.width) < 39.5) {
        found.push(`${element.tagName} ${element.className} “${element.textContent.trim().slice(0, 20)}” ${Math.round(box.width)}×${Math.round(box.height)}`)
      }
    }
    return found
  })
  assert.deepEqual(small, [])
}

// The words on the page, but for codes that are no language, and for what says itself to be in another one.
function shownText(page) {
  return page.evaluate(() => {
    const mine = document.documentElement.lang
    const foreign = (element) => element.closest('[data-code], kbd') !== null || (element.closest('[lang]')?.lang ?? mine) !== mine
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (!element || /^(SCRIPT|STYLE)$/.test(element.tagName) || foreign(element)) continue
      if (node.textContent.trim()) found.push(node.textContent.trim())
    }
    for (const name of ['title', 'placeholder', 'alt', 'aria-label']) {
      for (const element of document.querySelectorAll(`[${name}]`)) if (!foreign(element)) found.push(element.getAttribute(name))
    }
    return found
  })
}

const codeWords = /\b[a-z]+(?:[-_][a-z0-9]+)+\b|\bp-\w+\b|\bgw-\w+\b|\brules\/[\w.-]+\.yaml\b/g
const trade = /\b(JPEG|PNG|WebP|MB|HTTP|MQTT|JSON|UTF|RFC|NaN|KB)\b/g

export async function expectOnlyChinese(page, allowed = []) {
  const texts = await shownText(page)
  assert.ok(texts.length > 3, 'the page is empty')
  const latin = texts.filter((t) => /[A-Za-z]{2}/.test(allowed.reduce((s, a) => s.replaceAll(a, ''), t).replace(codeWords, '').replace(trade, '')))
  assert.deepEqual(latin, [])
}

export async function expectOnlyEnglish(page) {
  const texts = await shownText(page)
  assert.ok(texts.length > 3, 'the page is empty')
  assert.deepEqual(texts.filter((t) => /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/.test(t)), [])
}

// No error in the console, no complaint of the content policy, nothing asked of any other server.
export function expectQuiet(page) {
  assert.deepEqual(page.problems, [])
}
