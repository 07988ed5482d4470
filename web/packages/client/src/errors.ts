// What went wrong, in a form that a page can show: always with a code and a message in both languages.
import type { Names } from './types'

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: the server was not reached
    readonly code: string,
    readonly names: Names | undefined, // none where the server could not say
    readonly where?: string,
    readonly retryAfter?: number, // seconds
    readonly detail?: string,
  ) {
    super(code)
    this.name = 'ApiError'
  }

  get offline(): boolean {
    return this.status === 0
  }
}

interface Body {
  error?: { code?: string; message?: Names; where?: string; detail?: string }
}

export function errorOf(status: number, body: unknown, retryAfter: string | null): ApiError {
  const error = (body as Body | undefined)?.error
  const seconds = Number(retryAfter ?? '')
  return new ApiError(status, error?.code ?? fallbackCode(status), error?.message, error?.where,
    retryAfter !== null && Number.isFinite(seconds) ? seconds : undefined, error?.detail)
}

export function asApiError(e: unknown): ApiError {
  return e instanceof ApiError ? e : new ApiError(0, 'unreachable', undefined)
}

function fallbackCode(status: number): string {
  if (status === 0) return 'unreachable'
  if (status === 401) return 'not-signed-in'
  if (status === 404) return 'not-found'
  if (status === 413) return 'too-large'
  if (status === 502 || status === 503 || status === 504) return 'not-ready'
  return 'internal'
}
