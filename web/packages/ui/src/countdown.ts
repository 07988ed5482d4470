// What a deadline looks like at a moment. Pure.

export interface Deadline {
  from: number // when the clock began to run, ms
  at?: number // still ahead
  since?: number // passed without being met
}

export interface CountdownView {
  mode: 'none' | 'calm' | 'soon' | 'late'
  seconds: number // left, or late by
  part: number // of the ring still full, 0 … 1
}

const soonPart = 0.25
const soonSeconds = 30

export function countdown({ from, at, since }: Deadline, now: number): CountdownView {
  const passed = since ?? (at !== undefined && at <= now ? at : undefined)
  if (passed !== undefined) return { mode: 'late', seconds: Math.max(0, (now - passed) / 1000), part: 1 }
  if (at === undefined) return { mode: 'none', seconds: 0, part: 0 }
  const seconds = (at - now) / 1000
  const whole = Math.max(1, (at - from) / 1000)
  const part = Math.min(1, seconds / whole)
  return { mode: part <= soonPart || seconds <= soonSeconds ? 'soon' : 'calm', seconds, part }
}
