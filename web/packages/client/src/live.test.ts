import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest'
import { Live, waitBefore, type LiveState } from './live'
import type { LiveMessage } from './types'

class FakeSocket {
  static all: FakeSocket[] = []
  readyState = 0
  onmessage: ((e: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  constructor() { FakeSocket.all.push(this) }
  say(message: unknown) { this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) }) }
  hello() {
    this.readyState = 1
    this.say({ type: 'hello', now: '2026-11-23T20:00:00+08:00' })
  }
  break() {
    this.readyState = 3
    this.onclose?.()
  }
  close() { this.readyState = 3 }
}

function setUp() {
  const states: LiveState[] = []
  const messages: LiveMessage[] = []
  const opened = vi.fn()
  const live = new Live(
    { onState: (s) => states.push(s), onMessage: (m) => messages.push(m), onOpen: opened },
    () => 'ws://here/api/v1/live', () => new FakeSocket() as unknown as WebSocket)
  return { live, states, messages, opened, socket: () => FakeSocket.all.at(-1)! }
}

beforeEach(() => {
  FakeSocket.all = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('Live', () => {
  it('is online when the server has said hello, not before', () => {
    const { live, states, opened, socket } = setUp()
    live.start()
    expect(states).toEqual(['connecting'])
    socket().hello()
    expect(states).toEqual(['connecting', 'online'])
    expect(opened).toHaveBeenCalledOnce()
  })

  it('comes back by itself, and says so, so that the list is loaded anew', () => {
    const { live, states, opened, socket } = setUp()
    live.start()
    socket().hello()
    socket().break()
    expect(states.at(-1)).toBe('offline')
    vi.advanceTimersByTime(1_000)
    expect(FakeSocket.all).toHaveLength(2)
    socket().hello()
    expect(states.at(-1)).toBe('online')
    expect(opened).toHaveBeenCalledTimes(2)
  })

  it('waits longer each time, and from the start after a success', () => {
    const { live, socket } = setUp()
    live.start()
    for (let i = 0; i < 6; i++) {
      socket().break()
      vi.advanceTimersByTime(waitBefore(i, 1))
      expect(FakeSocket.all).toHaveLength(i + 2)
    }
    socket().hello()
    socket().break()
    vi.advanceTimersByTime(waitBefore(0, 1))
    expect(FakeSocket.all).toHaveLength(8)
  })

  it('stops when told, and hears nothing of an old socket', () => {
    const { live, messages, states, socket } = setUp()
    live.start()
    socket().hello()
    const old = socket()
    live.stop()
    old.say({ type: 'quarantine', kept: 3 })
    old.break()
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all).toHaveLength(1)
    expect(messages).toHaveLength(1)
    expect(states.at(-1)).toBe('online')
  })

  it('gives up a socket that is known to be dead', () => {
    const { live, states, socket } = setUp()
    live.start()
    socket().hello()
    live.drop()
    expect(states.at(-1)).toBe('offline')
    vi.advanceTimersByTime(1_000)
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('does not wait when hurried', () => {
    const { live, socket } = setUp()
    live.start()
    for (let i = 0; i < 5; i++) { socket().break(); vi.advanceTimersByTime(20_000) }
    const before = FakeSocket.all.length
    socket().break()
    live.hurry()
    expect(FakeSocket.all).toHaveLength(before + 1)
  })

  it('survives what it cannot read', () => {
    const { live, messages, socket } = setUp()
    live.start()
    socket().hello()
    socket().say('{broken')
    socket().say({ type: 'quarantine', kept: 1 })
    expect(messages.map((m) => m.type)).toEqual(['hello', 'quarantine'])
  })
})

describe('waitBefore', () => {
  it('doubles up to a quarter of a minute, with a chance of 30 % either way', () => {
    expect(waitBefore(0, 0.5)).toBe(500)
    expect(waitBefore(3, 0.5)).toBe(4_000)
    expect(waitBefore(50, 0.5)).toBe(15_000)
    expect(waitBefore(0, 0)).toBe(350)
    expect(waitBefore(0, 1)).toBeCloseTo(650)
  })
})
