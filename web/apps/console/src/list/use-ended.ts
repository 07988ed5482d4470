// Incidents that have ended: fetched page by page as one scrolls, never all.
import { asApiError, endedStates, type ApiError, type IncidentSummary } from '@shoumen/client'
import { markRaw, onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '../api'
import { isEnded, useIncidents } from '../stores/incidents'

const page = 1_000

export function useEnded() {
  const byId = markRaw(new Map<string, IncidentSummary>())
  const version = ref(0)
  const loading = ref(false)
  const loaded = ref(false)
  const more = ref(true)
  const problem = shallowRef<ApiError>()
  let oldest: string | undefined

  async function load(): Promise<void> {
    if (loading.value || !more.value) return
    loading.value = true
    problem.value = undefined
    try {
      const answer = await api.incidents({ states: endedStates, before: oldest, limit: page })
      for (const incident of answer.incidents) byId.set(incident.id, incident)
      oldest = answer.incidents.at(-1)?.id ?? oldest
      more.value = answer.more
      loaded.value = true
      version.value++
    } catch (e) {
      problem.value = asApiError(e)
    } finally {
      loading.value = false
    }
  }

  onScopeDispose(useIncidents().follow((incident) => {
    if (isEnded(incident)) byId.set(incident.id, incident)
    else if (!byId.delete(incident.id)) return
    version.value++
  }))

  return { byId, version, loading, loaded, more, problem, load }
}
