// The dry run that is looked at: begun here or found under way, followed to its end, and those before it.
import { asApiError, type ApiError, type DirectoryFiles, type Task } from '@shoumen/client'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '../api'

const pollEvery = 400 // ms

export function useTrial() {
  const task = shallowRef<Task>()
  const tasks = shallowRef<readonly Task[]>([])
  const problem = shallowRef<ApiError>()
  const starting = ref(false)
  const cancelling = ref(false)
  const signatures = new Map<string, string>() // of the files each was begun with, as far as this page began it
  const running = computed(() => task.value?.state === 'running')
  const part = computed(() => (task.value?.total ? Math.min(1, task.value.done / task.value.total) : 0))
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function loadList(): Promise<void> {
    try {
      tasks.value = await api.tasks()
    } catch (e) {
      problem.value = asApiError(e)
    }
  }

  async function load(): Promise<void> {
    await loadList()
    const newest = tasks.value[0]
    if (newest && !task.value) await show(newest.id)
  }

  async function show(id: string): Promise<void> {
    clearTimeout(timer)
    try {
      const fresh = await api.task(id)
      if (gone) return
      const ended = task.value?.id === id && running.value && fresh.state !== 'running'
      task.value = fresh
      problem.value = undefined
      if (fresh.state !== 'running') cancelling.value = false
      if (ended) await loadList()
    } catch (e) {
      problem.value = asApiError(e)
    }
    if (!gone && running.value) timer = setTimeout(() => void show(task.value!.id), pollEvery)
  }

  async function start(files: DirectoryFiles, signature: string, from: string): Promise<void> {
    starting.value = true
    problem.value = undefined
    try {
      task.value = await api.tryPolicy(files, from)
      signatures.set(task.value.id, signature)
      await loadList()
      await show(task.value.id)
    } catch (e) {
      problem.value = asApiError(e)
      await loadList()
    } finally {
      starting.value = false
    }
  }

  async function cancel(): Promise<void> {
    if (!task.value) return
    cancelling.value = true
    try {
      await api.cancelTask(task.value.id)
      await show(task.value.id)
    } catch (e) {
      cancelling.value = false
      problem.value = asApiError(e)
    }
  }

  // Whether what is shown was made of these very files.
  const isOf = (signature: string) => task.value !== undefined && signatures.get(task.value.id) === signature

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return { task, tasks, problem, starting, cancelling, running, part, load, show, start, cancel, isOf }
}
