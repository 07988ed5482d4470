import type { IncidentSummary } from '@shoumen/client'
import { describe, expect, it } from 'vitest'
import { arrange, rowsOf, type Filter } from './arrange'

const now = Date.parse('2026-11-23T20:00:00+08:00')
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()
const names = (zh: string, en: string) => ({ zh, en })

function incident(id: string, more: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id, kind: 'fire', kind_name: names('火情', 'Fire'), cause: 'fire', severity: 'yellow', state: 'open', level: 'community',
    place: {
      code: 'b1-301', name: names('301', '301'), level: 'home', use: 'home',
      path: [{ code: 'e', level: 'estate', use: 'public_area', name: names('光华里', 'Guanghuali') }, { code: 'b1-301', level: 'home', use: 'home', name: names('301', '301') }],
    },
    lead: { code: 'pm', role: 'property_manager', name: names('光华里物业', 'Property office') }, assist: [], opened: at(-600), alert_count: 1,
    late: false, missed: { acknowledge: false, arrive: false, close: false }, reopened_times: 0, evidence_count: 0, policy_version: 1, ...more,
  }
}
const ahead = (seconds: number) => ({ deadline: { kind: 'arrive' as const, at: at(seconds) } })
const late = (seconds: number) => ({ overdue: { kind: 'acknowledge' as const, since: at(-seconds) } })
const all: Filter = { text: '', severities: [], states: [] }
const order = (list: IncidentSummary[], filter: Filter = all, moment = now) =>
  arrange(list, filter, moment).groups.map((g) => [g.group, ...g.incidents.map((i) => i.id)])

describe('what needs me now', () => {
  it('late ones first, gravest then longest; then whose time ends first; then what waits for a verifier', () => {
    expect(order([
      incident('1', ahead(900)), incident('2', ahead(60)), incident('3', { ...late(30), severity: 'red' }), incident('4', late(3_000)),
      incident('5', { state: 'resolved' }), incident('6', { ...late(90), severity: 'red' }), incident('7'), incident('8', { ...ahead(60), severity: 'orange' }),
    ])).toEqual([['late', '6', '3', '4'], ['running', '8', '2', '1', '7'], ['waiting', '5']])
  })

  it('an incident is late from the moment its deadline passes, whether the server has said so or not', () => {
    const list = [incident('1', ahead(10)), incident('2', ahead(5))]
    expect(arrange(list, all, now).changesAt).toBe(now + 5_000)
    expect(order(list, all, now + 4_999)).toEqual([['running', '2', '1']])
    expect(order(list, all, now + 5_000)).toEqual([['late', '2'], ['running', '1']])
    expect(arrange(list, all, now + 10_000).changesAt).toBe(Infinity)
  })

  it('one that waits for a second look stands by the moment until which it waits', () => {
    expect(order([incident('1', ahead(900)), incident('2', { look: 'wanted', look_by: at(120) }), incident('3', ahead(60))])).toEqual([['running', '3', '2', '1']])
  })

  it('what is quiet has ended', () => {
    expect(order([incident('1', { state: 'quiet', ended: at(-9) })])).toEqual([['ended', '1']])
  })

  it('ended ones newest first', () => {
    expect(order([incident('1', { state: 'closed', ended: at(-90) }), incident('2', { state: 'merged', ended: at(-5) })])).toEqual([['ended', '2', '1']])
  })

  it('is in an order of its own for equals: older ids first, by number', () => {
    expect(order([incident('10'), incident('9'), incident('100')])).toEqual([['running', '9', '10', '100']])
  })

  it('filters by every word, in either language, by code and by number', () => {
    const list = [incident('1'), incident('2', { kind_name: names('积水', 'Flooding'), responder: 'p-77' })]
    const found = (text: string) => order(list, { ...all, text }).flatMap((g) => g.slice(1))
    expect(found('火情')).toEqual(['1'])
    expect(found('FLOOD')).toEqual(['2'])
    expect(found('光华里 301 积水')).toEqual(['2'])
    expect(found('b1-301')).toEqual(['1', '2'])
    expect(found('p-77')).toEqual(['2'])
    expect(found('#2')).toEqual(['2'])
    expect(found('2')).toEqual([])
    expect(found('火情 积水')).toEqual([])
  })

  it('filters by level and state', () => {
    const list = [incident('1', { severity: 'red' }), incident('2', { state: 'on_scene' }), incident('3', { severity: 'red', state: 'on_scene' })]
    expect(order(list, { ...all, severities: ['red'] })).toEqual([['running', '1', '3']])
    expect(order(list, { ...all, severities: ['red'], states: ['on_scene'] })).toEqual([['running', '3']])
  })

  it('puts headings between', () => {
    const rows = rowsOf(arrange([incident('1', late(5)), incident('2')], all, now))
    expect(rows.map((r) => ('heading' in r ? `${r.heading} ${r.count}` : r.incident.id))).toEqual(['late 1', '1', 'running 1', '2'])
  })

  it('orders 100,000 without losing one', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => incident(String(i), { ...ahead(((i * 7_919) % 10_000) - 2_000), severity: (['red', 'orange', 'yellow', 'blue'] as const)[i % 4] }))
    const rows = rowsOf(arrange(many, all, now))
    expect(rows).toHaveLength(100_002)
    expect(order(many, { ...all, text: 'nothing like this' })).toEqual([])
  })
})
