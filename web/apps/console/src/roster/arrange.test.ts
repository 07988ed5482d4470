import type { RosterBody } from '@shoumen/client'
import { describe, expect, it } from 'vitest'
import { barsOf, turnsOf } from './arrange'

const day = '2026-03-03T'
const shift = (person: string, from: string, until: string) => ({ person, from, until, channels: [] })
const body: RosterBody = {
  body: { code: 'desk', name: { zh: '值班室', en: 'Desk' }, role: 'duty_officer' },
  shifts: [
    shift('p-1', `${day}00:00:00+08:00`, `${day}08:00:00+08:00`), shift('p-2', `${day}08:00:00+08:00`, `${day}20:00:00+08:00`),
    shift('p-3', `${day}09:00:00+08:00`, `${day}17:00:00+08:00`), shift('p-1', `${day}20:00:00+08:00`, '2026-03-04T08:00:00+08:00'),
  ],
}
const at = (clock: string) => Date.parse(`${day}${clock}:00+08:00`)

describe('turns of duty', () => {
  it('names who has it now and who has it next', () => {
    const turns = turnsOf(body, at('10:00'))
    expect(turns.now.map((s) => s.person)).toEqual(['p-3', 'p-2'])
    expect(turns.next.map((s) => s.person)).toEqual(['p-1'])
    expect(turns.at).toBe(at('20:00'))
    expect(turns.gap).toBe(false)
  })

  it('hands over at the very minute', () => {
    expect(turnsOf(body, at('08:00')).now.map((s) => s.person)).toEqual(['p-2'])
    expect(turnsOf(body, at('07:59')).now.map((s) => s.person)).toEqual(['p-1'])
  })

  it('says where nobody has it', () => {
    const bare = { ...body, shifts: body.shifts.slice(2, 3) }
    expect(turnsOf(bare, at('08:00'))).toMatchObject({ gap: true, at: at('09:00') })
    expect(turnsOf(bare, at('18:00'))).toMatchObject({ gap: true, at: undefined, next: [] })
  })

  it('lies on the line of the day, in lanes', () => {
    const bars = barsOf(body, at('00:00'), at('00:00') + 86_400_000, at('10:00'))
    expect(bars.map((b) => [Math.round(b.left), Math.round(b.width), b.lane, b.current])).toEqual([
      [0, 33, 0, false], [33, 50, 0, true], [38, 33, 1, true], [83, 17, 0, false],
    ])
  })
})
