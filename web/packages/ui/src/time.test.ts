import { describe, expect, it } from 'vitest'
import { agoText, clockDigits, dateText, instantText, spanText, type Translate } from './time'

// Stands for the messages: shows which were asked for, with what.
const t: Translate = (key, values) => {
  if (key === 'time.months') return '1,2,3,4,5,6,7,8,9,10,11,12'
  return `${key.replace('time.', '')}(${Object.entries(values ?? {}).map(([k, v]) => `${k}=${v}`).join(' ')})`
}
const zone = 'Asia/Shanghai'
const at = (iso: string) => Date.parse(iso)
const now = at('2026-11-23T20:15:00+08:00')

describe('agoText', () => {
  it('says how long ago, however long', () => {
    const said = (iso: string) => agoText(t, at(iso), now)
    expect(['2026-11-23T20:14:30+08:00', '2026-11-23T20:00:00+08:00', '2026-11-22T20:14:00+08:00', '2026-11-20T20:00:00+08:00', '2026-11-23T20:16:00+08:00'].map(said))
      .toEqual(['just_now()', 'minutes_ago(n=15)', 'hours_ago(n=24)', 'days_ago(n=3)', 'just_now()'])
  })
})

describe('dateText', () => {
  it('shows the community’s time, wherever the browser stands', () => {
    expect(dateText(t, at('2026-11-23T12:15:30Z'), now, zone)).toBe('date(year=2026 month=11 day=23 clock=20:15)')
    expect(dateText(t, at('2026-11-23T12:15:30Z'), now, 'Europe/Berlin')).toBe('date(year=2026 month=11 day=23 clock=13:15)')
  })
  it('shows midnight as 00, not 24', () => {
    expect(dateText(t, at('2026-11-23T00:00:00+08:00'), now, zone)).toContain('clock=00:00')
  })
  it('names the year where it is another one', () => {
    expect(dateText(t, at('2025-12-31T23:59:00+08:00'), now, zone)).toBe('date_year(year=2025 month=12 day=31 clock=23:59)')
  })
})

describe('instantText', () => {
  it('is relative within the hour', () => {
    expect(instantText(t, now - 59_000, now, zone)).toBe('just_now()')
    expect(instantText(t, now - 60_000, now, zone)).toBe('minutes_ago(n=1)')
    expect(instantText(t, now - 3_599_000, now, zone)).toBe('minutes_ago(n=59)')
    expect(instantText(t, now - 3_600_000, now, zone)).toContain('date(')
  })
  it('is a date ahead, but for clocks a moment apart', () => {
    expect(instantText(t, now + 3_000, now, zone)).toBe('just_now()')
    expect(instantText(t, now + 60_000, now, zone)).toContain('date(')
  })
})

describe('spanText', () => {
  it.each([
    [0, 'second(n=0)'], [0.9, 'second(n=0)'], [40, 'second(n=40)'], [60, 'minute(n=1)'], [185, 'minute(n=3) second(n=5)'],
    [605, 'minute(n=10)'], [7_500, 'hour(n=2) minute(n=5)'], [90_000, 'day(n=1) hour(n=1)'], [86_400 + 60, 'day(n=1)'], [-5, 'second(n=0)'],
  ])('%d s', (seconds, text) => expect(spanText(t, seconds)).toBe(text))
})

describe('clockDigits', () => {
  it.each([[0, '00:00'], [0.2, '00:01'], [59, '00:59'], [249, '04:09'], [3_725, '1:02:05'], [86_400, '24:00:00']])(
    '%d s', (seconds, digits) => expect(clockDigits(seconds)).toBe(digits))
})
