// One incident: loaded, kept fresh by what is pushed, acted upon.
import { asApiError, newRequestKey, type Action, type ActionBody, type ApiError, type IncidentDetail, type Item, type Purpose } from '@shoumen/client'
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '../api'
import { useConnection } from '../stores/connection'
import { useIncidents } from '../stores/incidents'

const gather = 150

export function useIncident(id: Ref<string>) {
  const detail = shallowRef<IncidentDetail>()
  const problem = shallowRef<ApiError>()
  const working = ref<Action>()
  const seenSaid = new Set<string>()
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  // Only the answer to the latest question counts.
  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const fresh = await api.incident(id.value)
      if (mine !== asked) return
      take(fresh)
    } catch (e) {
      if (mine === asked) problem.value = asApiError(e)
    }
  }

  function take(fresh: IncidentDetail): void {
    if (fresh.id !== id.value) return
    asked++
    detail.value = fresh
    problem.value = undefined
    void saySeen(fresh)
  }

  // A told person who opens the page has seen it. Nobody needs to hear of it if that could not be noted.
  async function saySeen(fresh: IncidentDetail): Promise<void> {
    if (seenSaid.has(fresh.id) || !fresh.actions.some((a) => a.action === 'seen' && a.allowed)) return
    seenSaid.add(fresh.id)
    try {
      take(await api.act(fresh.id, 'seen', {}, newRequestKey()))
    } catch {
      seenSaid.delete(fresh.id)
    }
  }

  // The same attempt repeated after a lost answer carries the same key, so that it counts once.
  let attempt: { what: string; key: string } | undefined
  async function act(action: Action, body: ActionBody = {}): Promise<void> {
    const what = JSON.stringify([id.value, action, body])
    if (attempt?.what !== what) attempt = { what, key: newRequestKey() }
    working.value = action
    try {
      take(await api.act(id.value, action, body, attempt.key))
      attempt = undefined
    } catch (e) {
      const error = asApiError(e)
      if (!error.offline) attempt = undefined
      if (error.status === 409) void load() // the world has moved on: show it
      throw error
    } finally {
      working.value = undefined
    }
  }

  async function show(items: readonly Item[], purpose: Purpose): Promise<void> {
    take(await api.show(id.value, items, purpose))
  }

  function soon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void load()
    }, gather)
  }

  watch(id, () => {
    detail.value = undefined
    problem.value = undefined
    void load()
  }, { immediate: true })
  const connection = useConnection()
  watch(() => connection.opened, soon) // what was pushed meanwhile is lost
  onScopeDispose(useIncidents().follow((incident) => { if (incident.id === id.value) soon() }))
  onScopeDispose(() => clearTimeout(timer))

  return { detail, problem, working, load, take, act, show }
}
