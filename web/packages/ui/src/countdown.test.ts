import { createTexts } from '@shoumen/i18n'
import { createApp, h, nextTick, ref, shallowRef } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import CountdownClock from './CountdownClock.vue'
import { countdown } from './countdown'
import { installTime } from './now'

describe('countdown', () => {
  const from = 0
  it('empties its ring evenly', () => {
    expect(countdown({ from, at: 400_000 }, 0)).toEqual({ mode: 'calm', seconds: 400, part: 1 })
    expect(countdown({ from, at: 400_000 }, 100_000)).toEqual({ mode: 'calm', seconds: 300, part: 0.75 })
  })
  it('warns in its last quarter, or its last half minute', () => {
    expect(countdown({ from, at: 400_000 }, 301_000).mode).toBe('soon')
    expect(countdown({ from, at: 60_000 }, 35_000).mode).toBe('soon')
    expect(countdown({ from, at: 400_000 }, 299_000).mode).toBe('calm')
    expect(countdown({ from, at: 60_000 }, 20_000).mode).toBe('calm')
  })
  it('is late from the very moment, before the server says so', () => {
    expect(countdown({ from, at: 400_000 }, 400_000)).toEqual({ mode: 'late', seconds: 0, part: 1 })
    expect(countdown({ from, at: 400_000 }, 580_000)).toEqual({ mode: 'late', seconds: 180, part: 1 })
  })
  it('is late by the deadline missed, not by the one ahead', () => {
    expect(countdown({ from, at: 900_000, since: 400_000 }, 500_000)).toEqual({ mode: 'late', seconds: 100, part: 1 })
  })
  it('never says more than all is left', () => {
    expect(countdown({ from: 50_000, at: 100_000 }, 0).part).toBe(1)
    expect(countdown({ from: 100_000, at: 100_000 }, 0).part).toBe(1)
  })
  it('is nothing without a deadline', () => {
    expect(countdown({ from }, 1)).toEqual({ mode: 'none', seconds: 0, part: 0 })
  })
})

describe('CountdownClock', () => {
  it('counts on the server’s clock and turns into words', async () => {
    vi.useFakeTimers()
    const clock = { now: Date.parse('2026-11-23T12:00:00Z') }
    const place = document.createElement('div')
    const locale = ref<'zh-CN' | 'en'>('zh-CN')
    const app = createApp(() => h(CountdownClock, { from: '2026-11-23T20:00:00+08:00', at: '2026-11-23T20:02:00+08:00', kind: 'acknowledge' }))
    const texts = createTexts(locale.value)
    app.use(texts)
    const stop = installTime(app, () => clock.now, shallowRef('Asia/Shanghai'))
    app.mount(place)
    expect(place.querySelector('.digits')?.textContent).toBe('02:00')
    expect(place.querySelector('.countdown')?.getAttribute('aria-label')).toBe('接单时限 还剩 2 分')

    clock.now += 91_000
    vi.advanceTimersByTime(300)
    await nextTick()
    expect(place.querySelector('.digits')?.textContent).toBe('00:29')
    expect(place.querySelector('.countdown')?.classList).toContain('soon')

    clock.now += 210_000
    vi.advanceTimersByTime(300)
    await nextTick()
    expect(place.querySelector('.words')?.textContent).toBe('已超时 3 分 1 秒')
    texts.global.locale.value = 'en'
    await nextTick()
    expect(place.querySelector('.words')?.textContent).toBe('3 min 1 s late')
    stop()
    app.unmount()
    vi.useRealTimers()
  })
})
