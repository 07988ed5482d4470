// Who has a body's duty now, who has it next, and where the turns lie on the day's line.
import type { RosterBody, Shift } from '@shoumen/client'

export interface Turns {
  now: Shift[] // who ends last comes last
  next: Shift[] // those who begin at the next hand-over
  at: number | undefined // when that is
  gap: boolean // nobody has it now
}

export function turnsOf(body: RosterBody, now: number): Turns {
  const from = (s: Shift) => Date.parse(s.from)
  const until = (s: Shift) => Date.parse(s.until)
  const held = body.shifts.filter((s) => from(s) <= now && now < until(s)).sort((a, b) => until(a) - until(b))
  const at = Math.min(...body.shifts.map(from).filter((t) => t > now))
  const next = body.shifts.filter((s) => from(s) === at)
  return { now: held, next, at: Number.isFinite(at) ? at : undefined, gap: held.length === 0 }
}

export interface Bar {
  shift: Shift
  left: number // per cent of the span
  width: number
  lane: number
  current: boolean
}

// Each turn as a bar in the span; those at the same time lie in lanes of their own.
export function barsOf(body: RosterBody, from: number, until: number, now: number): Bar[] {
  const ends: number[] = []
  const bars: Bar[] = []
  for (const shift of [...body.shifts].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))) {
    const begins = Math.max(Date.parse(shift.from), from)
    const over = Math.min(Date.parse(shift.until), until)
    if (begins >= over) continue
    let lane = ends.findIndex((end) => end <= begins)
    if (lane < 0) lane = ends.length
    ends[lane] = over
    const part = (ms: number) => (ms * 100) / (until - from)
    bars.push({ shift, left: part(begins - from), width: part(over - begins), lane, current: begins <= now && now < over })
  }
  return bars
}
