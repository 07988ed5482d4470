// The live incidents, kept equal to the server's: loaded as a whole on each connection, changed by each push in between.
import { asApiError, endedStates, type ApiError, type IncidentSummary } from '@shoumen/client'
import { defineStore } from 'pinia'
import { markRaw, ref, shallowRef } from 'vue'
import { api } from '../api'

const firstPage = 500 // on the screen quickly
const nextPages = 5_000
const gather = 80 // ms in which pushes are taken together

export const isEnded = (incident: IncidentSummary) => endedStates.includes(incident.state)

export const useIncidents = defineStore('incidents', () => {
  // Not deeply reactive: a hundred thousand of them would be slow. `version` moves with every change.
  const byId = markRaw(new Map<string, IncidentSummary>())
  const version = shallowRef(0)
  const loaded = ref(false) // the first page at least
  const complete = ref(false)
  const problem = shallowRef<ApiError>()
  const newcomers = shallowRef<readonly IncidentSummary[]>([]) // of the last push: for the flash and the announcement

  let generation = 0
  let touched = new Set<string>() // pushed since the load began: newer than what it brings
  let queue: IncidentSummary[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<(incident: IncidentSummary) => void>()

  async function load(): Promise<void> {
    const mine = ++generation
    touched = new Set()
    complete.value = false
    problem.value = undefined
    const seen = new Set<string>()
    try {
      let before: string | undefined
      for (let more = true; more;) {
        const page = await api.incidents({ live: true, before, limit: before === undefined ? firstPage : nextPages })
        if (mine !== generation) return
        for (const incident of page.incidents) {
          seen.add(incident.id)
          if (!touched.has(incident.id)) byId.set(incident.id, incident)
        }
        before = page.incidents.at(-1)?.id
        more = page.more && before !== undefined
        loaded.value = true
        version.value++
      }
      for (const id of byId.keys()) if (!seen.has(id) && !touched.has(id)) byId.delete(id)
      complete.value = true
      version.value++
    } catch (e) {
      if (mine === generation) problem.value = asApiError(e)
    }
  }

  function push(incident: IncidentSummary): void {
    queue.push(incident)
    timer ??= setTimeout(flush, gather)
  }

  function flush(): void {
    timer = undefined
    const fresh = new Map<string, IncidentSummary>()
    for (const incident of queue) {
      touched.add(incident.id)
      if (isEnded(incident)) {
        byId.delete(incident.id)
        fresh.delete(incident.id)
      } else {
        if (loaded.value && !byId.has(incident.id)) fresh.set(incident.id, incident)
        byId.set(incident.id, incident)
      }
      for (const tell of listeners) tell(incident)
    }
    queue = []
    if (fresh.size) newcomers.value = [...fresh.values()]
    version.value++
  }

  // Called for every push; returns what ends it.
  function follow(call: (incident: IncidentSummary) => void): () => void {
    listeners.add(call)
    return () => listeners.delete(call)
  }

  function forget(): void {
    generation++
    clearTimeout(timer)
    timer = undefined
    queue = []
    byId.clear()
    loaded.value = complete.value = false
    newcomers.value = []
    version.value++
  }

  return { byId, version, loaded, complete, problem, newcomers, load, push, follow, forget }
})
