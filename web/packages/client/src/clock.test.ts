import { describe, expect, it } from 'vitest'
import { ServerClock } from './clock'

function setUp() {
  const time = { local: 1_000, wall: 0 }
  const clock = new ServerClock(() => time.local, () => time.wall)
  return { time, clock, iso: (ms: number) => new Date(ms).toISOString() }
}
const start = Date.parse('2026-11-23T12:00:00Z')

describe('ServerClock', () => {
  it('is this machine’s clock until the server has spoken', () => {
    const { time, clock } = setUp()
    time.wall = 42
    expect(clock.now()).toBe(42)
    expect(clock.known).toBe(false)
  })

  it('runs on from what the server said, less half the way', () => {
    const { time, clock, iso } = setUp()
    const asked = clock.stamp()
    time.local += 200
    clock.sample(iso(start), asked)
    expect(clock.now()).toBe(start + 100)
    time.local += 5_000
    expect(clock.now()).toBe(start + 5_100)
  })

  it('does not move with this machine’s wall clock', () => {
    const { time, clock, iso } = setUp()
    clock.sample(iso(start), clock.stamp())
    time.wall = 9e15
    expect(clock.now()).toBe(start)
  })

  it('prefers the sample with the shorter way', () => {
    const { time, clock, iso } = setUp()
    clock.sample(iso(start), clock.stamp())
    time.local += 2_000
    clock.sample(iso(start + 1_500), time.local - 800) // said 400 ms ago, so 1,900 ms: less sure than the first
    expect(clock.now()).toBe(start + 2_000)
  })

  it('follows the server when it was set to another time', () => {
    const { time, clock, iso } = setUp()
    clock.sample(iso(start), clock.stamp())
    time.local += 2_000
    clock.sample(iso(start - 600_000), time.local - 300)
    expect(clock.now()).toBe(start - 600_000 + 150)
  })

  it('learns the pace of a sped-up server, once two measures agree', () => {
    const { time, clock, iso } = setUp()
    let server = start
    const step = (ms: number) => {
      time.local += ms
      server += ms * 60
      clock.sample(iso(server), time.local)
    }
    clock.sample(iso(server), time.local)
    step(2_000)
    step(2_000)
    time.local += 1_000
    expect(clock.now()).toBe(server + 60_000)
  })

  it('does not take one jump for a pace', () => {
    const { time, clock, iso } = setUp()
    clock.sample(iso(start), time.local)
    time.local += 2_000
    clock.sample(iso(start + 600_000), time.local)
    time.local += 1_000
    expect(clock.now()).toBe(start + 601_000)
  })

  it('ignores what is not a time', () => {
    const { clock } = setUp()
    clock.sample('soon')
    expect(clock.known).toBe(false)
  })
})
