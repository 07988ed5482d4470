// The line to the server: live messages while it holds, a probe that notices when it silently broke, and what to do on return.
import { Live, type LiveMessage, type LiveState } from '@shoumen/client'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api } from '../api'
import { useCommunity } from './community'
import { useIncidents } from './incidents'
import { useSession } from './session'

const probeEvery = 15_000

export const useConnection = defineStore('connection', () => {
  const state = ref<LiveState>('connecting')
  const lostAt = ref<number>() // server time of the last moment known to be fresh
  const storing = ref(true)
  const quarantineKept = ref<number>()
  const policyChanges = ref(0)
  const opened = shallowRef(0) // grows with each (re)connection
  let probe: ReturnType<typeof setInterval> | undefined

  const live = new Live({
    onState: (fresh) => {
      if (fresh !== 'online' && state.value === 'online') lostAt.value = api.clock.now()
      // While it tries again and again the banner stays.
      if (fresh === 'connecting' && state.value === 'offline') return
      state.value = fresh
      if (fresh === 'online') lostAt.value = undefined
    },
    onOpen: () => {
      opened.value++
      void useIncidents().load()
    },
    onMessage: receive,
  })

  function receive(message: LiveMessage): void {
    if (message.type === 'hello') api.clock.sample(message.now)
    else if (message.type === 'incident') useIncidents().push(message.incident)
    else if (message.type === 'quarantine') quarantineKept.value = message.kept
    else if (message.type === 'policy') {
      policyChanges.value++
      void useCommunity().load()
    }
  }

  // Also keeps the clock in step. A socket can be dead for minutes before the browser says so.
  async function check(): Promise<void> {
    try {
      const health = await api.health()
      storing.value = health.storing || !health.ready
      if (!useSession().follows) {
        await useIncidents().load()
        state.value = 'online'
        lostAt.value = undefined
      } else await api.incidents({ live: true, limit: 1 })
    } catch {
      if (!useSession().follows) {
        if (state.value === 'online') lostAt.value = api.clock.now()
        state.value = 'offline'
      } else if (state.value === 'online') live.drop()
    }
  }

  const hurry = () => (useSession().follows ? live.hurry() : void check())

  function start(): void {
    if (useSession().follows) live.start()
    probe ??= setInterval(() => void check(), probeEvery)
    globalThis.addEventListener('online', hurry)
    void check()
  }

  function stop(): void {
    live.stop()
    clearInterval(probe)
    probe = undefined
    globalThis.removeEventListener('online', hurry)
    state.value = 'connecting'
    lostAt.value = undefined
  }

  return { state, lostAt, storing, quarantineKept, policyChanges, opened, start, stop, hurry }
})
