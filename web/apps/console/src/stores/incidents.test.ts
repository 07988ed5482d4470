import type { IncidentSummary } from '@shoumen/client'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '../api'
import { useIncidents } from './incidents'

const incident = (id: string, state = 'open') => ({ id, state, severity: 'yellow' }) as unknown as IncidentSummary
const page = (ids: string[], more = false) => ({ incidents: ids.map((id) => incident(id)), more })

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function answers(...pages: (ReturnType<typeof page> | Promise<ReturnType<typeof page>>)[]) {
  const spy = vi.spyOn(api, 'incidents')
  for (const p of pages) spy.mockImplementationOnce(async () => p)
  return spy
}
const ids = () => [...useIncidents().byId.keys()].sort()

describe('the live incidents', () => {
  it('are loaded page by page to the last', async () => {
    const spy = answers(page(['9', '8'], true), page(['7']))
    const store = useIncidents()
    await store.load()
    expect(ids()).toEqual(['7', '8', '9'])
    expect(store.complete).toBe(true)
    expect(spy.mock.calls[1]![0]).toMatchObject({ before: '8' })
  })

  it('lose what ended while nobody was listening', async () => {
    const store = useIncidents()
    answers(page(['1', '2']), page(['2', '3']))
    await store.load()
    await store.load()
    expect(ids()).toEqual(['2', '3'])
  })

  it('keep a push that came while the list was under way, for it is newer', async () => {
    let deliver = (_: ReturnType<typeof page>) => {}
    answers(new Promise((resolve) => { deliver = resolve }))
    const store = useIncidents()
    const loading = store.load()
    store.push(incident('1', 'on_scene'))
    store.push(incident('2', 'closed'))
    store.push(incident('5'))
    vi.advanceTimersByTime(200)
    deliver(page(['1', '2', '3']))
    await loading
    expect(store.byId.get('1')?.state).toBe('on_scene')
    expect(ids()).toEqual(['1', '3', '5'])
  })

  it('drop one that ends, and tell who follows', async () => {
    answers(page(['1', '2']))
    const store = useIncidents()
    await store.load()
    const heard: string[] = []
    const stop = store.follow((i) => heard.push(`${i.id} ${i.state}`))
    store.push(incident('1', 'closed'))
    vi.advanceTimersByTime(200)
    stop()
    store.push(incident('2', 'resolved'))
    vi.advanceTimersByTime(200)
    expect(ids()).toEqual(['2'])
    expect(heard).toEqual(['1 closed'])
  })

  it('announce newcomers, but not the list one finds on coming in, and none that is already over', async () => {
    answers(page(['1']))
    const store = useIncidents()
    await store.load()
    expect(store.newcomers).toEqual([])
    for (const i of [incident('1'), incident('2'), incident('3'), incident('3', 'false_alarm')]) store.push(i)
    vi.advanceTimersByTime(200)
    expect(store.newcomers.map((i) => i.id)).toEqual(['2'])
  })

  it('stay as they are when loading fails, and say why', async () => {
    answers(page(['1']))
    const store = useIncidents()
    await store.load()
    vi.spyOn(api, 'incidents').mockRejectedValueOnce(new TypeError('gone'))
    await store.load()
    expect(ids()).toEqual(['1'])
    expect(store.problem?.offline).toBe(true)
  })

  it('belong to nobody after signing out, not even when an answer comes late', async () => {
    let deliver = (_: ReturnType<typeof page>) => {}
    answers(new Promise((resolve) => { deliver = resolve }))
    const store = useIncidents()
    const loading = store.load()
    store.forget()
    deliver(page(['1']))
    await loading
    expect(ids()).toEqual([])
  })
})
