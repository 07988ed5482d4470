// The rows of the list, kept in order while incidents and time move on.
import type { IncidentSummary } from '@shoumen/client'
import { useNow } from '@shoumen/ui'
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { arrange, rowsOf, type Filter, type Group, type Row } from './arrange'

const heavy = 25 // ms: an arrangement that takes longer is not made for each push

export function useRows(all: () => Iterable<IncidentSummary>, version: () => unknown, filter: Ref<Filter>) {
  const rows = shallowRef<readonly Row[]>([])
  const counts = shallowRef<Record<Group, number>>({ late: 0, running: 0, waiting: 0, ended: 0 })
  const now = useNow()
  let changesAt = Infinity
  let took = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function run(): void {
    clearTimeout(timer)
    timer = undefined
    const began = performance.now()
    const arranged = arrange(all(), filter.value, now.value)
    changesAt = arranged.changesAt
    const fresh: Record<Group, number> = { late: 0, running: 0, waiting: 0, ended: 0 }
    for (const { group, incidents } of arranged.groups) fresh[group] = incidents.length
    counts.value = fresh
    rows.value = rowsOf(arranged)
    took = performance.now() - began
  }

  watch(filter, run, { immediate: true })
  watch(version, () => {
    if (took < heavy) run()
    else timer ??= setTimeout(run, Math.min(took * 4, 1_000))
  })
  watch(now, (t) => { if (t >= changesAt) run() })
  onScopeDispose(() => clearTimeout(timer))
  return { rows, counts }
}
