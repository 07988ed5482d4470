import type { PrecisionTrack } from '@shoumen/client'
import { describe, expect, it } from 'vitest'
import { judgedOf, keyOf, percent, worstFirst } from './precision'

const track = (code: string, stage: PrecisionTrack['stage'], high?: number, at = 0): PrecisionTrack => ({
  rule: { code, name: { zh: code, en: code } }, verdicts: { true: 1, false: 2, test: 4, unknown: 8 }, stage, high,
  last_incident: '1', last_alert: new Date(at).toISOString(),
})

describe('the order of tracks', () => {
  it('puts what is quiet first, then what is looked at, then the worst', () => {
    const all = [track('a', 'trusted'), track('b', 'trusted', 0.7), track('c', 'quiet', 0.09), track('d', 'second_look', 0.3), track('e', 'second_look', 0.2)]
    expect(worstFirst(all).map((t) => t.rule.code)).toEqual(['c', 'e', 'd', 'b', 'a'])
  })
  it('puts the latest first among equals, and leaves the list it was given alone', () => {
    const all = [track('old', 'trusted', undefined, 1), track('new', 'trusted', undefined, 2)]
    expect(worstFirst(all).map((t) => t.rule.code)).toEqual(['new', 'old'])
    expect(all[0]!.rule.code).toBe('old')
  })
})

describe('a track', () => {
  it('is judged by what was real or wrong alone', () => expect(judgedOf(track('a', 'quiet'))).toBe(3))
  it('has a key of rule, device and scene', () => {
    expect(keyOf(track('a', 'quiet'))).toBe('a//')
    expect(keyOf({ ...track('a', 'quiet'), device: { code: 'cam', name: { zh: '', en: '' } }, scene: 'rack' })).toBe('a/cam/rack')
  })
  it('is shown in whole per cents', () => expect(percent(0.047)).toBe(5))
})
