import type { IncidentDetail, TimelineEntry } from '@shoumen/client'
import { createTexts, messages } from '@shoumen/i18n'
import { describe, expect, it } from 'vitest'
import { timelineItems, type Speech } from './timeline-items'

function speechIn(locale: 'zh-CN' | 'en'): Speech {
  const { t, te } = createTexts(locale).global
  return {
    t: (key, values) => t(key, values ?? {}), te: (key) => te(key), nameOf: (n) => (locale === 'en' ? n.en : n.zh),
    word: (list, code) => t(`words.${list}.${code}`), joined: (parts) => parts.join(t('common.comma')),
  }
}
const body = { code: 'pm', role: 'property_manager' as const, name: { zh: '光华里物业', en: 'Property office' } }
const other = { ...body, code: 'fire', name: { zh: '消防站', en: 'Fire post' } }

function told(entries: Partial<TimelineEntry>[], evidence: Partial<IncidentDetail['evidence'][number]>[] = [], locale: 'zh-CN' | 'en' = 'zh-CN') {
  const timeline = entries.map((e, n) => ({ n, at: '2026-11-23T20:00:00+08:00', type: 'note', from: 'open', to: 'open', ...e }))
  return timelineItems({ timeline, evidence } as unknown as IncidentDetail, speechIn(locale))
}

describe('the timeline', () => {
  it('is newest first, in words', () => {
    const items = told([{ type: 'opened', body }, { type: 'acknowledged', actor: 'p-1' }, { type: 'escalated', level: 'street', body: other }])
    expect(items.map((i) => i.text)).toEqual(['上报至街道，由消防站督办', 'p-1 接单', '事件产生，由光华里物业牵头'])
  })
  it('names the reporter where there is one', () => {
    expect(told([{ type: 'opened', actor: 'p-9', body }])[0]!.text).toBe('p-9 上报，由光华里物业牵头')
  })
  it('tells of people told at one moment once', () => {
    const items = told([{ type: 'told', body }, { type: 'told', body: other }, { type: 'told', body }, { type: 'told', body, at: '2026-11-23T20:03:00+08:00' }])
    expect(items.map((i) => i.text)).toEqual(['已通知光华里物业', '已通知 3 人：光华里物业、消防站'])
  })
  it('tells of alerts that follow each other once', () => {
    const items = told([{ type: 'alert_joined' }, { type: 'alert_joined' }, { type: 'alert_cleared' }, { type: 'note', actor: 'p-1' }, { type: 'alert_cleared' }])
    expect(items.map((i) => i.text)).toEqual(['预警解除', 'p-1 备注', '预警解除', '又有 2 条预警并入'])
  })
  it('says which deadline was missed, and which level was set', () => {
    expect(told([{ type: 'deadline_missed', detail: 'arrive' }])[0]!.text).toBe('超过到场时限')
    expect(told([{ type: 'severity_changed', actor: 'p-1', severity: 'red' }], [], 'en')[0]!.text).toBe('p-1 changed the severity to Extreme')
  })
  it('says why a quiet home alerted', () => {
    const at = '2026-11-23T20:00:00+08:00'
    const since = Date.parse('2026-11-22T21:10:00+08:00') / 1000
    const learned = `quiet since=${since} left=no learned=yes usual_min=100 up_by_min=450`
    expect(told([{ type: 'opened', body, at, detail: learned }])[0]!.text)
      .toBe('事件产生，由光华里物业牵头：11-22 21:10 起没有动静；之前门未开过；这种安静通常不超过 1 小时 40 分；通常 07:30 前起床')
    expect(told([{ type: 'opened', body, at, detail: learned }], [], 'en')[0]!.text)
      .toBe('Opened, led by Property office: quiet since 11-22 21:10; the door had not moved before; such a quiet usually lasts no longer than 1 h 40 min; usually up by 07:30')
    expect(told([{ type: 'alert_joined', at, detail: `quiet since=${Date.parse(at) / 1000 - 3600} left=yes learned=no` }])[0]!.text)
      .toBe('又一条预警并入：19:00 起没有动静；之前门刚开过，可能已外出；这户的规律尚未学成，按固定时限预警')
  })
  it('shows the photograph where it was added', () => {
    const [item] = told([{ type: 'evidence_added', actor: 'p-1', evidence: 'ab' }], [{ sha256: 'ab', phase: 'after', url: '/api/v1/evidence/ab' }])
    expect(item).toMatchObject({ text: 'p-1 上传了处置后照片', photo: { url: '/api/v1/evidence/ab', label: '查看处置后照片' } })
  })
  it('keeps people’s words as they are', () => {
    expect(told([{ type: 'note', actor: 'p-1', text: '<b>已到</b>' }])[0]!.words).toBe('<b>已到</b>')
  })
  it('has a sentence for every event of the contract, in both languages', () => {
    const types = Object.keys(messages.en.words.event).filter((k) => !/_(by|plain|many)$/.test(k))
    for (const locale of ['zh-CN', 'en'] as const) {
      for (const type of types) {
        const [item] = told([{ type: type as TimelineEntry['type'], actor: 'p-1', body, level: 'street', severity: 'red', detail: 'close' }], [], locale)
        expect(item!.text).not.toMatch(/[{}]|words\./)
        expect(item!.text).not.toBe(type)
      }
    }
  })
})
