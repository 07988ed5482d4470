// Everything a page asks of the server. Signed in by the cookie; what changes something carries X-Shoumen (see api/openapi.json).
// Each call answers with the data or throws an ApiError.
import createClient, { type Client } from 'openapi-fetch'
import { ServerClock } from './clock'
import { ApiError, errorOf } from './errors'
import type { paths } from './openapi'
import type {
  Account, AccountWays, Act, Action, ActionBody, ApiToken, ApiTokenAsked, Delegation, DelegationAsked, Device, DirectoryFiles, Enrolment,
  ErrorCatalogue, EvidencePhase, Finding, Grant, GrantAsked, HalfSession, Health, IncidentDetail, IncidentState, IncidentSummary, Item,
  Coverage, Kept, Ledger, Left, MapTried, MapTry, NewAccount, Person, Policy, PolicyFiles, PolicyVersion, PrecisionTrack, Purpose, QuarantineRow, Receipt, Report, Retention, Roster,
  DeviceTokenRotated, FoundDevice, ImportReport, KeptDevicePage, KeptDeviceWhole, DeviceStage, QuietAsked, QuietWindow, Round, RoundAsked, TakeAsked, Tick, TickAsked, UpkeepFigures, Work, WorkAsked,
  RuleEntry, SecondFactor, Session, SessionEntry, Severity, SignOnBegun, SignOnReturn, Task, WaysIn, WiderSight, WiderSightList,
} from './types'

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

export interface IncidentQuery {
  live?: boolean
  states?: readonly IncidentState[]
  severities?: readonly Severity[]
  before?: string
  limit?: number
}

export interface Upload {
  incident: string
  phase: EvidencePhase
  file: Blob
  onProgress: (part: number) => void // 0 … 1
  signal?: AbortSignal
}

export class Api {
  readonly clock: ServerClock
  // Told once for each answer 401 of a call that needs a session.
  onSignedOut: () => void = () => {}
  private readonly client: Client<paths>

  constructor(options: { baseUrl?: string; clock?: ServerClock; fetch?: typeof fetch } = {}) {
    this.clock = options.clock ?? new ServerClock()
    this.client = createClient<paths>({
      baseUrl: options.baseUrl ?? '',
      credentials: 'same-origin',
      headers: { 'X-Shoumen': '1' },
      ...(options.fetch ? { fetch: (request: Request) => options.fetch!(request) } : {}),
    })
  }

  signIn(account: string, password: string): Promise<Session | HalfSession> {
    return this.data<Session | HalfSession>(this.client.POST('/api/v1/session', { body: { account, password } }), true)
  }

  secondStep(half: string, code: string): Promise<Session> {
    return this.data(this.client.POST('/api/v1/session/second-step', { body: { half, code } }), true)
  }

  waysIn(): Promise<WaysIn> {
    return this.data(this.client.GET('/api/v1/session/ways'), true)
  }

  async sendCode(phone: string): Promise<void> {
    await this.nothing(this.client.POST('/api/v1/session/code', { body: { phone } }))
  }

  signInByCode(phone: string, code: string): Promise<Session | HalfSession> {
    return this.data<Session | HalfSession>(this.client.POST('/api/v1/session/phone', { body: { phone, code } }), true)
  }

  beginSignOn(): Promise<SignOnBegun> {
    return this.data(this.client.POST('/api/v1/session/sign-on'), true)
  }

  finishSignOn(back: SignOnReturn): Promise<Session | HalfSession> {
    return this.data<Session | HalfSession>(this.client.PUT('/api/v1/session/sign-on', { body: back }), true)
  }

  accountWays(name: string): Promise<AccountWays> {
    return this.data(this.client.GET('/api/v1/accounts/{name}/ways-in', { params: { path: { name } } }))
  }

  async setPhone(name: string, phone: string): Promise<void> {
    const params = { path: { name } }
    await this.nothing(phone ? this.client.PUT('/api/v1/accounts/{name}/phone', { params, body: { phone } }) : this.client.DELETE('/api/v1/accounts/{name}/phone', { params }))
  }

  async linkSignOn(name: string, subject: string): Promise<void> {
    const params = { path: { name } }
    await this.nothing(subject ? this.client.PUT('/api/v1/accounts/{name}/sign-on', { params, body: { subject } }) : this.client.DELETE('/api/v1/accounts/{name}/sign-on', { params }))
  }

  secondFactor(): Promise<SecondFactor> {
    return this.data(this.client.GET('/api/v1/second-factor'))
  }

  beginSecondFactor(password: string): Promise<Enrolment> {
    return this.data(this.client.POST('/api/v1/second-factor', { body: { password } }))
  }

  async confirmSecondFactor(code: string): Promise<string[]> {
    return (await this.data(this.client.PUT('/api/v1/second-factor', { body: { code } }))).recovery_codes
  }

  async removeSecondFactor(password: string, code: string): Promise<void> {
    await this.nothing(this.client.POST('/api/v1/second-factor/removal', { body: { password, code } }))
  }

  async resetSecondFactor(name: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/accounts/{name}/second-factor', { params: { path: { name } } }))
  }

  session(): Promise<Session> {
    return this.data(this.client.GET('/api/v1/session'), true)
  }

  async signOut(): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/session'))
  }

  async changePassword(old: string, fresh: string): Promise<void> {
    await this.nothing(this.client.PUT('/api/v1/session/password', { body: { old, new: fresh } }))
  }

  async incidents(query: IncidentQuery = {}): Promise<{ incidents: IncidentSummary[]; more: boolean }> {
    const asked = this.clock.stamp()
    const answer = await this.data(this.client.GET('/api/v1/incidents', {
      params: {
        query: {
          live: query.live ? '1' : undefined,
          state: query.states?.length ? query.states.join(',') : undefined,
          severity: query.severities?.length ? query.severities.join(',') : undefined,
          before: query.before,
          limit: query.limit,
        },
      },
    }))
    this.clock.sample(answer.now, asked)
    return answer
  }

  incident(id: string): Promise<IncidentDetail> {
    return this.data(this.client.GET('/api/v1/incidents/{id}', { params: { path: { id } } }))
  }

  async report(report: Report, key: string): Promise<string> {
    const params = { header: { 'Idempotency-Key': key } }
    return (await this.data(this.client.POST('/api/v1/incidents', { params, body: report }))).id
  }

  act(id: string, action: Action, body: ActionBody, key: string): Promise<IncidentDetail> {
    const params = { path: { id, action }, header: { 'Idempotency-Key': key } }
    return this.data(this.client.POST('/api/v1/incidents/{id}/actions/{action}', { params, body }))
  }

  // What is shown only when asked for; it is written down with its purpose.
  show(id: string, items: readonly Item[], purpose: Purpose): Promise<IncidentDetail> {
    return this.data(this.client.POST('/api/v1/incidents/{id}/show', { params: { path: { id } }, body: { items: [...items], purpose } }))
  }

  async acts(query: { subject?: string; actor?: string; before?: string; limit?: number } = {}): Promise<Act[]> {
    return (await this.data(this.client.GET('/api/v1/acts', { params: { query } }))).acts
  }

  async coverage(): Promise<Coverage> {
    return this.data(this.client.GET('/api/v1/coverage'))
  }

  async retention(): Promise<Retention> {
    return this.data(this.client.GET('/api/v1/retention'))
  }

  ledger(): Promise<Ledger> {
    return this.data(this.client.GET('/api/v1/ledger'))
  }

  receipt(act: string): Promise<Receipt> {
    return this.data(this.client.GET('/api/v1/acts/{id}/receipt', { params: { path: { id: act } } }))
  }

  async quarantine(before?: string, limit = 200): Promise<{ rows: QuarantineRow[]; kept: number; dropped: number }> {
    return this.data(this.client.GET('/api/v1/quarantine', { params: { query: { before, limit } } }))
  }

  async devices(): Promise<Device[]> {
    return (await this.data(this.client.GET('/api/v1/devices'))).devices
  }

  async precision(): Promise<PrecisionTrack[]> {
    return (await this.data(this.client.GET('/api/v1/precision'))).tracks
  }

  async issueToken(code: string): Promise<string> {
    return (await this.data(this.client.POST('/api/v1/devices/{code}/token', { params: { path: { code } } }))).token
  }

  rotateToken(code: string, graceMinutes: number): Promise<DeviceTokenRotated> {
    return this.data(this.client.POST('/api/v1/devices/{code}/token/rotate', { params: { path: { code } }, body: { grace_minutes: graceMinutes } }))
  }

  async revokeTokens(code: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/devices/{code}/token', { params: { path: { code } } }))
  }

  async addAccount(account: NewAccount): Promise<string> {
    return (await this.data(this.client.POST('/api/v1/accounts', { body: account }))).one_time_password
  }

  async accounts(): Promise<Account[]> {
    return (await this.data(this.client.GET('/api/v1/accounts'))).accounts
  }

  account(name: string): Promise<Account> {
    return this.data(this.client.GET('/api/v1/accounts/{name}', { params: { path: { name } } }))
  }

  giveRole(name: string, asked: GrantAsked): Promise<Grant> {
    return this.data(this.client.POST('/api/v1/accounts/{name}/roles', { params: { path: { name } }, body: asked }))
  }

  async endRole(name: string, id: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/accounts/{name}/roles/{id}', { params: { path: { name, id } } }))
  }

  async resetPassword(name: string): Promise<string> {
    return (await this.data(this.client.POST('/api/v1/accounts/{name}/password', { params: { path: { name } } }))).one_time_password
  }

  async unlockAccount(name: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/accounts/{name}/lock', { params: { path: { name } } }))
  }

  leave(name: string, anyway: boolean): Promise<Left> {
    return this.data(this.client.POST('/api/v1/accounts/{name}/leave', { params: { path: { name } }, body: { anyway } }))
  }

  async endSessionsOf(name: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/accounts/{name}/sessions', { params: { path: { name } } }))
  }

  async sessions(): Promise<SessionEntry[]> {
    return (await this.data(this.client.GET('/api/v1/sessions'))).sessions
  }

  async endSession(id: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } }))
  }

  async endOtherSessions(): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/sessions'))
  }

  async apiTokens(): Promise<ApiToken[]> {
    return (await this.data(this.client.GET('/api/v1/tokens'))).tokens
  }

  async makeApiToken(asked: ApiTokenAsked): Promise<string> {
    return (await this.data(this.client.POST('/api/v1/tokens', { body: asked }))).token
  }

  async revokeApiToken(id: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }))
  }

  async delegations(): Promise<Delegation[]> {
    return (await this.data(this.client.GET('/api/v1/delegations'))).delegations
  }

  delegate(asked: DelegationAsked): Promise<Delegation> {
    return this.data(this.client.POST('/api/v1/delegations', { body: asked }))
  }

  async endDelegation(id: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/delegations/{id}', { params: { path: { id } } }))
  }

  widerSights(): Promise<WiderSightList> {
    return this.data(this.client.GET('/api/v1/wider-sights'))
  }

  openWider(reason: string): Promise<WiderSight> {
    return this.data(this.client.POST('/api/v1/wider-sights', { body: { reason } }))
  }

  async closeWider(id: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/wider-sights/{id}', { params: { path: { id } } }))
  }

  roster(): Promise<Roster> {
    return this.data(this.client.GET('/api/v1/roster'))
  }

  // What the register says of somebody, as far as it may be seen.
  person(code: string): Promise<Person> {
    return this.data(this.client.GET('/api/v1/persons/{code}', { params: { path: { code } } }))
  }

  kept(code: string): Promise<Kept> {
    return this.data(this.client.GET('/api/v1/persons/{code}/kept', { params: { path: { code } } }))
  }

  // All of it, as a zip.
  takeOut(code: string): Promise<Blob> {
    return this.data(this.client.POST('/api/v1/persons/{code}/archive', { params: { path: { code } }, body: {}, parseAs: 'blob' })) as Promise<Blob>
  }

  async erase(code: string): Promise<void> {
    await this.nothing(this.client.POST('/api/v1/persons/{code}/erasure', { params: { path: { code } }, body: { confirm: code } }))
  }

  keptDevices(query: { q?: string; stage?: DeviceStage; finding?: string; after?: string; limit?: number }): Promise<KeptDevicePage> {
    return this.data(this.client.GET('/api/v1/upkeep/devices', { params: { query } }))
  }

  keptDevice(code: string): Promise<KeptDeviceWhole> {
    return this.data(this.client.GET('/api/v1/upkeep/devices/{code}', { params: { path: { code } } }))
  }

  moveDevice(code: string, to: DeviceStage, why: string): Promise<KeptDeviceWhole> {
    return this.data(this.client.POST('/api/v1/upkeep/devices/{code}/move', { params: { path: { code } }, body: { to, why } }))
  }

  changeDevice(code: string, place: string): Promise<KeptDeviceWhole> {
    return this.data(this.client.PUT('/api/v1/upkeep/devices/{code}', { params: { path: { code } }, body: { place } }))
  }

  importDevices(table: Blob, check: boolean): Promise<ImportReport> {
    return this.data(this.client.POST('/api/v1/upkeep/devices/import', {
      params: { query: { check: check ? '1' : '0' } }, body: table as unknown as string, bodySerializer: (body) => body as unknown as BodyInit, headers: { 'Content-Type': 'text/csv' },
    }))
  }

  async tray(): Promise<FoundDevice[]> {
    return (await this.data(this.client.GET('/api/v1/upkeep/tray'))).waiting
  }

  takeIn(code: string, asked: TakeAsked): Promise<KeptDeviceWhole> {
    return this.data(this.client.POST('/api/v1/upkeep/tray/{code}', { params: { path: { code } }, body: asked }))
  }

  async leaveDevice(code: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/upkeep/tray/{code}', { params: { path: { code } } }))
  }

  async work(state: string): Promise<Work[]> {
    return (await this.data(this.client.GET('/api/v1/upkeep/work', { params: { query: { state } } }))).work
  }

  workOn(id: string, asked: WorkAsked): Promise<Work> {
    return this.data(this.client.POST('/api/v1/upkeep/work/{id}', { params: { path: { id } }, body: asked }))
  }

  async rounds(): Promise<Round[]> {
    return (await this.data(this.client.GET('/api/v1/upkeep/rounds'))).rounds
  }

  round(id: string): Promise<Round> {
    return this.data(this.client.GET('/api/v1/upkeep/rounds/{id}', { params: { path: { id } } }))
  }

  planRound(asked: RoundAsked): Promise<Round> {
    return this.data(this.client.POST('/api/v1/upkeep/rounds', { body: asked }))
  }

  tick(round: string, asked: TickAsked): Promise<Tick> {
    return this.data(this.client.POST('/api/v1/upkeep/rounds/{id}/ticks', { params: { path: { id: round } }, body: asked }))
  }

  endRound(id: string): Promise<Round> {
    return this.data(this.client.POST('/api/v1/upkeep/rounds/{id}/end', { params: { path: { id } } }))
  }

  async quietWindows(): Promise<QuietWindow[]> {
    return (await this.data(this.client.GET('/api/v1/upkeep/quiet'))).windows
  }

  beginQuiet(asked: QuietAsked): Promise<QuietWindow> {
    return this.data(this.client.POST('/api/v1/upkeep/quiet', { body: asked }))
  }

  async endQuiet(id: string): Promise<void> {
    await this.nothing(this.client.DELETE('/api/v1/upkeep/quiet/{id}', { params: { path: { id } } }))
  }

  upkeepFigures(): Promise<UpkeepFigures> {
    return this.data(this.client.GET('/api/v1/upkeep/figures'))
  }

  policy(): Promise<Policy> {
    return this.data(this.client.GET('/api/v1/policy'))
  }

  async rules(): Promise<RuleEntry[]> {
    return (await this.data(this.client.GET('/api/v1/rules'))).rules
  }

  policyFiles(version?: number): Promise<PolicyFiles> {
    return this.data(this.client.GET('/api/v1/policy/files', { params: { query: version ? { version: String(version) } : {} } }))
  }

  async policyVersions(): Promise<PolicyVersion[]> {
    return (await this.data(this.client.GET('/api/v1/policy/versions'))).versions
  }

  async checkPolicy(files: DirectoryFiles): Promise<Finding[]> {
    return (await this.data(this.client.POST('/api/v1/policy/check', { body: { files } }))).findings
  }

  // What the maps in force make of a payload; nothing is kept of it.
  tryMaps(sample: MapTry): Promise<MapTried> {
    return this.data(this.client.POST('/api/v1/maps/try', { body: sample }))
  }

  tryPolicy(files: DirectoryFiles, from: string): Promise<Task> {
    return this.data(this.client.POST('/api/v1/policy/tries', { body: { files, from } }))
  }

  async activatePolicy(files: DirectoryFiles, basedOn: number): Promise<number> {
    return (await this.data(this.client.POST('/api/v1/policy', { body: { files, based_on: basedOn } }))).version
  }

  async tasks(): Promise<Task[]> {
    return (await this.data(this.client.GET('/api/v1/tasks'))).tasks
  }

  task(id: string): Promise<Task> {
    return this.data(this.client.GET('/api/v1/tasks/{id}', { params: { path: { id } } }))
  }

  cancelTask(id: string): Promise<Task> {
    return this.data(this.client.DELETE('/api/v1/tasks/{id}', { params: { path: { id } } }))
  }

  errors(): Promise<ErrorCatalogue> {
    return this.data(this.client.GET('/api/v1/errors.json'))
  }

  // A node that cannot write answers 503 with the same form: that is news, not an error.
  async health(): Promise<Health> {
    const { data, error, response } = await this.client.GET('/api/v1/health').catch(unreachable)
    const health = data ?? (error as Health | undefined)
    if (health && typeof health.storing === 'boolean') return health
    throw errorOf(response.status, error, null)
  }

  // By XMLHttpRequest: fetch tells nothing of the way up.
  upload({ incident, phase, file, onProgress, signal }: Upload): Promise<IncidentDetail> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('POST', `/api/v1/incidents/${encodeURIComponent(incident)}/evidence?phase=${phase}`)
      request.setRequestHeader('X-Shoumen', '1')
      request.setRequestHeader('Content-Type', file.type)
      request.responseType = 'json'
      request.upload.onprogress = (e) => { if (e.lengthComputable) onProgress(e.loaded / e.total) }
      request.onerror = () => reject(new ApiError(0, 'unreachable', undefined))
      request.onabort = () => reject(new ApiError(0, 'aborted', undefined))
      request.onload = () => {
        if (request.status === 200) return resolve(request.response as IncidentDetail)
        if (request.status === 401) this.onSignedOut()
        reject(errorOf(request.status, request.response, request.getResponseHeader('Retry-After')))
      }
      signal?.addEventListener('abort', () => request.abort(), { once: true })
      request.send(file)
    })
  }

  private async data<T>(call: Promise<Answer<T>>, quiet = false): Promise<T> {
    const answer = await call.catch(unreachable)
    this.refuse(answer, quiet)
    if (answer.data === undefined) throw errorOf(answer.response.status, undefined, null)
    return answer.data
  }

  private async nothing(call: Promise<Answer<unknown>>): Promise<void> {
    this.refuse(await call.catch(unreachable), false)
  }

  private refuse({ error, response }: Answer<unknown>, quiet: boolean): void {
    if (response.ok) return
    const problem = errorOf(response.status, error, response.headers.get('Retry-After'))
    if (problem.status === 401 && !quiet) this.onSignedOut()
    throw problem
  }
}

function unreachable(): never {
  throw new ApiError(0, 'unreachable', undefined)
}

// A key that lets the server recognise the same request sent twice. (randomUUID exists on https only.)
export function newRequestKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('')
}
