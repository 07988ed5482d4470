import type { Device } from '@shoumen/client'
import { describe, expect, it } from 'vitest'
import { find, hayOf, isSilent, longestSilentFirst, stateOf } from './order'

const now = Date.parse('2026-11-23T20:00:00+08:00')
const device = (code: string, hoursAgo?: number, more: Partial<Device> = {}): Device => ({
  code, name: { zh: `烟感 ${code}`, en: `Smoke ${code}` }, place: { code: 'b1', name: { zh: '1号楼', en: 'Building 1' } }, is_gateway: false, clock_wrong: false,
  has_token: true, kind: 'smoke', last_heard: hoursAgo === undefined ? undefined : new Date(now - hoursAgo * 3_600_000).toISOString(), ...more,
})

describe('devices', () => {
  it('never heard come first, then the longest silent', () => {
    expect(longestSilentFirst([device('a', 1), device('c'), device('b', 30), device('d')]).map((d) => d.code)).toEqual(['c', 'd', 'b', 'a'])
  })
  it('are silent after a day', () => {
    expect([device('a', 23.9), device('b', 24.1), device('c')].map((d) => isSilent(d, now))).toEqual([false, true, true])
  })
  it('say how they are', () => {
    expect([device('a'), device('b', 30), device('c', 1), device('d', 1, { clock_wrong: true })].map((d) => stateOf(d, now))).toEqual(['never', 'silent', 'heard', 'clock_wrong'])
  })
  it('are found by code, name, place, kind in words, gateway', () => {
    const all = [device('a'), device('b', 1, { kind: 'gas', gateway: 'gw-7' })]
    const found = (text: string) => find(all, hayOf(all, (k) => ({ smoke: '烟感', gas: '燃气' })[k] ?? k, (p) => `光华里 ${p.name.zh}`), text).map((d) => d.code)
    expect(found('燃气')).toEqual(['b'])
    expect(found('gw-7 1号楼')).toEqual(['b'])
    expect(found('光华里 烟感')).toEqual(['a', 'b'])
    expect(found('building')).toEqual(['a', 'b'])
    expect(found('')).toEqual(['a', 'b'])
  })
})
