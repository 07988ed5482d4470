// What could not be read, newest first, fetched page by page as one scrolls.
import { asApiError, type ApiError, type QuarantineRow } from '@shoumen/client'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '../api'
import { useConnection } from '../stores/connection'

const page = 500

export function useQuarantine() {
  const rows = shallowRef<readonly QuarantineRow[]>([])
  const kept = ref(0)
  const dropped = ref(0)
  const loaded = ref(false)
  const loading = ref(false)
  const problem = shallowRef<ApiError>()
  const connection = useConnection()
  const more = computed(() => rows.value.length < kept.value)

  async function fetchPage(before?: string): Promise<void> {
    if (loading.value) return
    loading.value = true
    problem.value = undefined
    try {
      const answer = await api.quarantine(before, page)
      rows.value = before === undefined ? answer.rows : [...rows.value, ...answer.rows]
      dropped.value = answer.dropped
      // Past the last row there is nothing, whatever the count says: others may have been dropped meanwhile.
      kept.value = answer.rows.length < page ? rows.value.length : answer.kept
      loaded.value = true
    } catch (e) {
      problem.value = asApiError(e)
    } finally {
      loading.value = false
    }
  }

  const reload = () => fetchPage()
  const loadMore = async () => { if (more.value) await fetchPage(rows.value.at(-1)?.id) }

  // New ones come to the top by themselves while nobody has scrolled beyond the first page.
  let timer: ReturnType<typeof setTimeout> | undefined
  const stale = ref(false)
  watch(() => [connection.quarantineKept, connection.opened], () => {
    if (rows.value.length > page) return void (stale.value = true)
    timer ??= setTimeout(() => {
      timer = undefined
      void reload()
    }, 400)
  })
  async function refresh(): Promise<void> {
    stale.value = false
    await reload()
  }

  void reload()
  return { rows, kept, dropped, loaded, loading, problem, stale, loadMore, refresh }
}
