import { describe, expect, it, vi } from 'vitest'
import { Api, newRequestKey } from './api'
import { asApiError, type ApiError } from './errors'

const refused = {
  error: { code: 'needs-after-evidence', message: { zh: '须先上传处置后的照片。', en: 'Add a photo first.' }, where: 'action' },
}

function setUp(status: number, body?: unknown, headers: Record<string, string> = {}) {
  const asked: Request[] = []
  const answer = vi.fn(async (request: Request) => {
    asked.push(request)
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
  })
  const api = new Api({ baseUrl: 'http://here', fetch: answer as unknown as typeof fetch })
  return { api, asked, answer }
}
const problemOf = (call: Promise<unknown>): Promise<ApiError> => call.then(() => { throw new Error('was not refused') }, asApiError)

describe('Api', () => {
  it('asks for what is meant', async () => {
    const { api, asked } = setUp(200, { incidents: [], now: '2026-11-23T20:00:00+08:00', more: false })
    await api.incidents({ live: true, states: ['open', 'resolved'], severities: ['red'], before: '900', limit: 50 })
    const url = new URL(asked[0]!.url)
    expect(url.pathname).toBe('/api/v1/incidents')
    expect(Object.fromEntries(url.searchParams)).toEqual({ live: '1', state: 'open,resolved', severity: 'red', before: '900', limit: '50' })
    expect(api.clock.known).toBe(true)
  })

  it('marks what changes something as coming from our own pages', async () => {
    const { api, asked } = setUp(200, {})
    await api.act('7', 'acknowledge', {}, 'k1')
    expect(asked[0]!.method).toBe('POST')
    expect(new URL(asked[0]!.url).pathname).toBe('/api/v1/incidents/7/actions/acknowledge')
    expect(asked[0]!.headers.get('X-Shoumen')).toBe('1')
    expect(asked[0]!.headers.get('Idempotency-Key')).toBe('k1')
  })

  it('says why the server refused, in both languages', async () => {
    const { api } = setUp(409, refused)
    expect(await problemOf(api.act('7', 'resolve', {}, 'k'))).toMatchObject({ status: 409, code: 'needs-after-evidence', names: refused.error.message, where: 'action' })
  })

  it('says how long to wait', async () => {
    const { api } = setUp(429, { error: { code: 'sign-in-wait', message: { zh: '请稍候', en: 'Wait' } } }, { 'Retry-After': '30' })
    expect(await problemOf(api.signIn('a', 'b'))).toMatchObject({ code: 'sign-in-wait', retryAfter: 30 })
  })

  it('tells a lost session once, and not while signing in', async () => {
    const { api } = setUp(401, { error: { code: 'not-signed-in', message: { zh: '', en: '' } } })
    api.onSignedOut = vi.fn()
    await problemOf(api.signIn('a', 'b'))
    await problemOf(api.session())
    expect(api.onSignedOut).not.toHaveBeenCalled()
    await problemOf(api.devices())
    expect(api.onSignedOut).toHaveBeenCalledOnce()
  })

  it('knows a server that is not there from one that refuses', async () => {
    const { api, answer } = setUp(200)
    answer.mockRejectedValue(new TypeError('Failed to fetch'))
    const problem = await problemOf(api.policy())
    expect(problem.offline).toBe(true)
    expect(problem.code).toBe('unreachable')
  })

  it('survives an answer that is not ours', async () => {
    const { api } = setUp(502, 'Bad gateway')
    expect(await problemOf(api.policy())).toMatchObject({ status: 502, code: 'not-ready', names: undefined })
  })

  it('takes a node that cannot write for news, not for an error', async () => {
    const { api } = setUp(503, { ready: true, storing: false, trouble: 'disk full' })
    expect(await api.health()).toMatchObject({ storing: false })
  })
})

describe('newRequestKey', () => {
  it('is long, printable and never the same', () => {
    const keys = new Set(Array.from({ length: 1_000 }, newRequestKey))
    expect(keys.size).toBe(1_000)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
  })
})
