import { describe, expect, it } from 'vitest'
import { rangeInView, topsOf } from './virtual'

describe('the rows in view', () => {
  const count = 100_000
  const heightOf = (i: number) => (i % 50 === 0 ? 44 : 84)
  const tops = topsOf(count, heightOf)

  it('lie one below the other', () => {
    expect(tops[0]).toBe(0)
    expect(tops[1]).toBe(44)
    expect(tops[2]).toBe(128)
    expect(tops[count]).toBe((count / 50) * 44 + (count - count / 50) * 84)
  })

  it('cover the window wherever it stands, and little more', () => {
    for (const scrolled of [0, 43, 44, 45, 12_345, 4_000_000, tops[count]! - 700]) {
      const { first, end } = rangeInView(tops, count, scrolled, 700, 0)
      expect(tops[first]!).toBeLessThanOrEqual(scrolled)
      expect(tops[end]!).toBeGreaterThanOrEqual(Math.min(scrolled + 700, tops[count]!))
      expect(end - first).toBeLessThan(20)
    }
  })

  it('keep a few to spare, but none that do not exist', () => {
    expect(rangeInView(tops, count, 0, 700, 6).first).toBe(0)
    expect(rangeInView(tops, count, 1e12, 700, 6).end).toBe(count)
    expect(rangeInView(topsOf(0, heightOf), 0, 0, 700, 6)).toEqual({ first: 0, end: 0 })
    expect(rangeInView(topsOf(1, heightOf), 1, 0, 700, 6)).toEqual({ first: 0, end: 1 })
  })
})
