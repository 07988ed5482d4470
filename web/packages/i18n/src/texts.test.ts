// No page is half translated: both languages have the same keys, neither holds the other's writing, no page says anything that
// does not come from here, and nothing here is unused.
import { readFileSync } from 'node:fs'
import { parse, type SFCTemplateBlock } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'
import { localeOf, messages } from './index'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key
    if (typeof value === 'string') found.set(path, value)
    else for (const [k, v] of flat(value, path)) found.set(k, v)
  }
  return found
}

const zh = flat(messages['zh-CN'] as unknown as Tree)
const en = flat(messages.en as unknown as Tree)
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

// Names of formats and protocols that people of the trade say in Latin letters in Chinese as well.
const latinAllowed = /\b(JPEG|PNG|WebP|MB|HTTP|MQTT)\b/g

const pages = import.meta.glob('../../../{packages,apps}/*/src/**/*.vue', { query: '?raw', import: 'default', eager: true })
const scripts = import.meta.glob(['../../../{packages,apps}/*/src/**/*.ts', '!**/*.test.ts', '!**/messages/*', '!**/openapi.ts'], {
  query: '?raw', import: 'default', eager: true,
})

describe('messages', () => {
  it('have the same keys in both languages', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
  })

  it('have the same placeholders in both languages', () => {
    const differing = [...zh.keys()].filter((k) => placeholders(zh.get(k)!).join() !== placeholders(en.get(k)!).join())
    expect(differing).toEqual([])
  })

  it('in English hold no Chinese', () => {
    expect([...en].filter(([, text]) => /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/.test(text))).toEqual([])
  })

  it('in Chinese hold no English', () => {
    const latin = [...zh].filter(([, text]) => /[A-Za-z]/.test(text.replace(/\{\w+\}/g, '').replace(latinAllowed, '')))
    expect(latin).toEqual([])
  })

  it('say what each finding of the community directory means', () => {
    const text = readFileSync('../docs/community-directory.md', 'utf8')
    const rows = text.slice(text.indexOf('## Findings')).split('\n').filter((l) => l.startsWith('| `'))
    const codes = rows.flatMap((l) => [...l.split('|')[1]!.matchAll(/`([a-z-]+)`/g)].map((m) => m[1]!))
    expect(codes.length).toBeGreaterThan(60)
    expect(codes.filter((c) => !zh.has(`words.finding.${c}`))).toEqual([])
  })

  it('are not empty', () => {
    expect([...zh, ...en].filter(([, text]) => text.trim() === '')).toEqual([])
  })
})

interface Node {
  type: number
  content?: string | { content?: string }
  props?: { type: number; name: string; value?: { content: string } }[]
  children?: Node[]
  branches?: Node[]
}
const spoken = ['title', 'placeholder', 'alt', 'aria-label', 'label', 'text']

function literals(node: Node): string[] {
  const found: string[] = []
  if (node.type === 2 && typeof node.content === 'string' && /\p{L}/u.test(node.content)) found.push(node.content.trim())
  for (const prop of node.props ?? []) {
    if (prop.type === 6 && spoken.includes(prop.name) && /\p{L}/u.test(prop.value?.content ?? '')) found.push(`${prop.name}="${prop.value!.content}"`)
  }
  for (const child of node.children ?? []) found.push(...literals(child))
  return found
}

function templateOf(source: string): SFCTemplateBlock | null {
  return parse(source).descriptor.template
}

describe('pages', () => {
  it('are found', () => expect(Object.keys(pages).length).toBeGreaterThan(20))

  it.each(Object.entries(pages))('%s says nothing that is not in the messages', (_, source) => {
    const template = templateOf(source as string)
    expect(literals(template!.ast as unknown as Node)).toEqual([])
    // In an expression, a name of a language in itself is the one exception.
    const inside = [...template!.content.matchAll(/\{\{\s*'([^']*\p{L}[^']*)'\s*\}\}/gu)].map((m) => m[1])
    expect(inside.filter((text) => text !== 'English' && text !== '中文')).toEqual([])
  })

  it('would be caught saying something', () => {
    const of = (template: string) => literals(templateOf(`<template>${template}</template>`)!.ast as unknown as Node)
    expect(of('<p>Hello</p>')).toEqual(['Hello'])
    expect(of('<p><b>你好</b></p>')).toEqual(['你好'])
    expect(of('<img alt="A dog">')).toEqual(['alt="A dog"'])
    expect(of('<p :title="t(\'a.b\')">{{ t("a.b") }}</p>')).toEqual([])
  })
})

// What a script could show: its texts that hold Chinese, or read like an English sentence. Comments are for ourselves.
function sentences(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\w])\/\/.*$/gm, '$1')
  const texts = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '')
  return texts.filter((text) => /[\u3400-\u9fff\uff00-\uffef]/.test(text) || /^[A-Z][a-z]+(?:,? [a-z’]+)+[.:!?]?$/.test(text))
}
const scriptOf = (source: string) => {
  const { script, scriptSetup } = parse(source).descriptor
  return `${script?.content ?? ''}\n${scriptSetup?.content ?? ''}`
}
const ownNames = ['English', '中文'] // a language in itself
// For whoever makes the pages, never shown.
const forMakers = /^(installTime|A key|No )/

describe('scripts', () => {
  it.each([...Object.entries(pages).map(([name, s]) => [name, scriptOf(s as string)]), ...Object.entries(scripts)])('%s says nothing by itself', (_, source) => {
    expect(sentences(source as string).filter((text) => !ownNames.includes(text) && !forMakers.test(text))).toEqual([])
  })
  it('would be caught saying something', () => {
    expect(sentences("const a = 'Could not load it'; const b = `没有载入`; const c = 'incident-row' // 注释 'Not this one'")).toEqual(['Could not load it', '没有载入'])
  })
})

describe('errors', () => {
  const catalogue = JSON.parse(readFileSync('../api/errors.json', 'utf8')) as Record<string, { zh?: string; en?: string }>
  // Names that stand in Latin letters in Chinese as well: of headers, commands, fields and formats.
  const names = /`[^`]*`|shoumen\/v1\/[^。，]*signal|[\w-]+\.json|\bCookie\b|\b(?:shoumen(?: \w+)?|Retry-After|Authorization: Bearer|Bearer|X-Shoumen|Content-Type|Idempotency-Key|Host|Origin|Allow|WebSocket|MQTT|HTTP(?:\/1\.1)?|HTTPS|JSON|JPEG|PNG|WebP|UTF-8|RFC 3339|QoS|SOS|MB|KB|KiB|EXIF|SHA-256|YAML|ID|id|DUP|URL|CPU|CSRF|PostgreSQL|SQLite)\b|--[\w-]+|\d+[smhd]\b/g
  it('all have both languages, each without the other', () => {
    expect(Object.keys(catalogue).length).toBeGreaterThan(80)
    const half = Object.entries(catalogue).filter(([, e]) => !e.zh?.trim() || !e.en?.trim())
    expect(half).toEqual([])
    expect(Object.entries(catalogue).filter(([, e]) => /[\u3400-\u9fff]/.test(e.en!)).map(([c]) => c)).toEqual([])
    expect(Object.entries(catalogue).filter(([, e]) => !/[\u3400-\u9fff]/.test(e.zh!)).map(([c]) => c)).toEqual([])
    expect(Object.entries(catalogue).filter(([, e]) => /[A-Za-z]{2}/.test(e.zh!.replace(names, ''))).map(([c, e]) => `${c}: ${e.zh!}`)).toEqual([])
  })
})

describe('keys', () => {
  const sources = [...Object.values(pages), ...Object.values(scripts)].join('\n')
  const called = [...sources.matchAll(/\b(?:t|te)\(\s*'([\w.-]+)'/g)].map((m) => m[1]!)
  const prefixes = [...sources.matchAll(/`([a-z][\w.]*[._])\$\{/g)].map((m) => m[1]!)

  it('that are asked for exist', () => {
    expect(called.length).toBeGreaterThan(100)
    expect(called.filter((key) => !zh.has(key))).toEqual([])
  })

  it('that exist are asked for', () => {
    const lists = new Set([...sources.matchAll(/\bword\('(\w+)'/g)].map((m) => `words.${m[1]}.`))
    const unused = [...zh.keys()].filter((key) =>
      !sources.includes(`'${key}'`) && !prefixes.some((p) => key.startsWith(p)) && ![...lists].some((l) => key.startsWith(l)))
    expect(unused).toEqual([])
  })
})

describe('localeOf', () => {
  it('understands what browsers and accounts say', () => {
    expect(localeOf('zh')).toBe('zh-CN')
    expect(localeOf('en-GB')).toBe('en')
    expect(localeOf('fr')).toBeUndefined()
    expect(localeOf(null)).toBeUndefined()
  })
})
