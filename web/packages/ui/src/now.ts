// The passing of time, once for all components: a second hand that follows the server's clock, and the community's time zone.
import { computed, inject, shallowRef, type App, type InjectionKey, type Ref } from 'vue'

export interface TimeSource {
  now: Ref<number> // milliseconds, moved once a second
  zone: Ref<string> // IANA name
}

const key: InjectionKey<TimeSource> = Symbol('time')

// Looks at the clock four times a second, so that no second is skipped, and moves `now` only when the second has changed.
export function installTime(app: App, clock: () => number, zone: Ref<string>): () => void {
  const now = shallowRef(clock())
  const timer = setInterval(() => {
    const t = clock()
    if (Math.floor(t / 1000) !== Math.floor(now.value / 1000)) now.value = t
  }, 250)
  app.provide(key, { now, zone })
  return () => clearInterval(timer)
}

export function useTimeSource(): TimeSource {
  const source = inject(key)
  if (!source) throw new Error('installTime() was not called')
  return source
}

export function useNow(): Ref<number> {
  const { now } = useTimeSource()
  return computed(() => now.value)
}
