// Made-up incidents, and just enough of their life to try the pages with. The real life cycle is the program's.
import { createHash } from 'node:crypto'
import { pathOf } from './community.mjs'

const states = ['open', 'open', 'open', 'acknowledged', 'en_route', 'on_scene', 'on_scene', 'resolved']
const minutes = { red: [2, 10, 240], orange: [5, 20, 1440], yellow: [30, 60, 4320], blue: [240, 480, 10080] }
const onlyInDetail = new Set(['timeline', 'alerts', 'evidence', 'told', 'times', 'within', 'matrix_line', 'resolver', 'verifier', 'reporter', 'text'])
const ended = ['closed', 'false_alarm', 'merged']

export function makeRandom(seed) {
  let s = seed >>> 0
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return Math.floor((s / 2 ** 32) * n)
  }
}

export const iso = (ms) => new Date(ms + 8 * 3600e3).toISOString().replace(/\.\d+Z$/, '+08:00')
const ref = ({ code, name, role }) => ({ code, name, role })

export class Incidents {
  constructor(policy, now, seed = 7) {
    this.policy = policy
    this.now = now
    this.random = makeRandom(seed)
    this.byId = new Map()
    this.nextId = 1
    this.leaves = policy.places.filter((p) => ['home', 'point', 'floor', 'unit'].includes(p.level))
    this.paths = new Map(this.leaves.map((p) => [p.code, pathOf(policy, p.code)]))
  }

  pick(list) {
    return list[this.random(list.length)]
  }

  fill(count, endedCount) {
    const total = count + endedCount
    for (let i = 0; i < total; i++) {
      const severity = this.pick(['red', 'orange', 'orange', 'yellow', 'yellow', 'yellow', 'blue', 'blue'])
      const isEnded = i < endedCount
      const age = isEnded ? 3600e3 * (1 + this.random(400)) : Math.floor((minutes[severity][0] * 60e3 * (1 + this.random(115))) / 100)
      const incident = this.open({ severity, opened: this.now() - age })
      this.advance(incident, isEnded ? this.pick(ended) : this.pick(states))
    }
  }

  open({ kind, place, severity, opened, text, reporter, device }) {
    const at = opened ?? this.now()
    const kindOf = this.policy.incident_kinds.find((k) => k.code === kind) ?? this.pick(this.policy.incident_kinds)
    const placeOf = this.policy.places.find((p) => p.code === place) ?? this.pick(this.leaves)
    const [ack, arrive, close] = minutes[severity].map((m) => m * 60)
    const lead = this.pick(this.policy.bodies.slice(0, 6))
    const assist = this.policy.bodies.filter((b) => b !== lead).slice(this.random(4), 6).slice(0, this.random(3))
    const incident = {
      id: String(this.nextId++), kind: kindOf.code, kind_name: kindOf.name, cause: kindOf.code, severity, state: 'open', level: 'community',
      place: { code: placeOf.code, name: placeOf.name, level: placeOf.level, use: placeOf.use, path: this.paths.get(placeOf.code) ?? pathOf(this.policy, placeOf.code) },
      lead: ref(lead), assist: assist.map(ref), opened: iso(at), alert_count: reporter ? 0 : 1 + (this.random(5) ? 0 : this.random(4)), late: false,
      missed: { acknowledge: false, arrive: false, close: false }, reopened_times: 0, evidence_count: 0, policy_version: 1,
      timeline: [], alerts: [], evidence: [], told: [], times: {}, within: { acknowledge: ack, arrive, close }, matrix_line: 12,
      ...(reporter ? { reporter } : {}), ...(text ? { text } : {}),
    }
    this.byId.set(incident.id, incident)
    this.event(incident, 'opened', { at, actor: reporter, body: ref(lead) })
    for (const b of [lead, ...assist]) {
      const told = { person: `p-${100 + this.random(80)}`, body: ref(b), channel: this.pick(['screen', 'sms', 'push', 'voice']), at: iso(at + 1000) }
      incident.told.push(told)
      this.event(incident, 'told', { at: at + 1000, body: told.body, detail: told.channel })
    }
    if (!reporter) {
      incident.alerts.push({
        id: `${incident.id}1`, place: { code: placeOf.code, name: placeOf.name }, severity, at: iso(at), late: false, rule: this.policy.rules[0],
        device: { code: device ?? `dev-${incident.id}`, name: { zh: '楼道烟感', en: 'Stairwell smoke alarm' } },
      })
    }
    this.deadlines(incident, at)
    return incident
  }

  event(incident, type, extra = {}) {
    const { at = this.now(), ...rest } = extra
    incident.timeline.push({ n: incident.timeline.length, at: iso(at), type, from: incident.state, to: incident.state, ...JSON.parse(JSON.stringify(rest)) })
  }

  deadlines(incident) {
    const opened = Date.parse(incident.opened)
    const { acknowledge, arrive, close } = incident.within
    delete incident.deadline
    delete incident.overdue
    delete incident.climbs_at
    const by = { open: ['acknowledge', acknowledge], acknowledged: ['arrive', arrive], en_route: ['arrive', arrive], on_scene: ['close', close] }[incident.state]
    if (!by) return
    const at = opened + by[1] * 1000
    if (at > this.now()) incident.deadline = { kind: by[0], at: iso(at) }
    else {
      incident.overdue = { kind: by[0], since: iso(at) }
      incident.missed[by[0]] = true
      if (by[0] === 'acknowledge' && incident.level === 'community') {
        incident.level = 'street'
        incident.supervisor = ref(this.policy.bodies[8])
        this.event(incident, 'deadline_missed', { at, detail: 'acknowledge' })
        this.event(incident, 'escalated', { at, level: 'street', body: incident.supervisor })
      }
    }
  }

  advance(incident, state) {
    const way = { acknowledged: 1, en_route: 2, on_scene: 3, resolved: 4, closed: 5 }[state] ?? 0
    const actor = `p-${100 + this.random(80)}`
    const steps = [['acknowledge', 'acknowledged'], ['depart', 'en_route'], ['arrive', 'on_scene'], ['resolve', 'resolved'], ['verify', 'closed']]
    for (const [action] of steps.slice(0, way)) this.apply(incident, action, action === 'verify' ? 'p-200' : actor, {}, Date.parse(incident.opened) + 30e3)
    if (state === 'false_alarm' || state === 'merged') this.end(incident, state, Date.parse(incident.opened) + 60e3)
    this.deadlines(incident)
  }

  end(incident, state, at) {
    incident.state = state
    incident.ended = incident.times.ended = iso(at)
    delete incident.deadline
    delete incident.overdue
    this.event(incident, state === 'merged' ? 'merged' : state, { at, actor: 'p-101' })
  }

  apply(incident, action, actor, body = {}, at = this.now()) {
    const time = iso(at)
    const to = { acknowledge: 'acknowledged', depart: 'en_route', arrive: 'on_scene', resolve: 'resolved', reject: 'open', reopen: 'open' }[action]
    const past = {
      acknowledge: 'acknowledged', depart: 'departed', arrive: 'arrived', resolve: 'resolved', verify: 'verified', reject: 'rejected', reopen: 'reopened',
      transfer: 'transferred', set_severity: 'severity_changed', escalate: 'escalated', add_note: 'note', mark_false_alarm: 'false_alarm', merge: 'merged', seen: 'seen',
    }[action]
    if (to) incident.state = to
    if (['acknowledged', 'departed', 'arrived', 'resolved', 'verified'].includes(past)) incident.times[past] = time
    if (action === 'acknowledge') incident.responder = actor
    if (action === 'resolve') incident.resolver = actor
    if (action === 'transfer') incident.lead = ref(this.policy.bodies.find((b) => b.code === body.body))
    if (action === 'set_severity') incident.severity = body.severity
    if (action === 'escalate') incident.level = 'street'
    if (action === 'reopen') delete incident.ended
    if (action === 'seen') for (const t of incident.told) t.seen ??= time
    const extra = { at, actor, text: body.text, severity: body.severity, level: action === 'escalate' ? 'street' : undefined }
    if (action === 'mark_false_alarm') this.end(incident, 'false_alarm', at)
    else this.event(incident, past ?? 'note', { ...extra, body: action === 'transfer' ? incident.lead : undefined })
    if (action === 'merge') this.end(incident, 'merged', at)
    if (action === 'verify') {
      incident.verifier = actor
      this.end(incident, 'closed', at)
    }
    this.deadlines(incident)
  }

  addEvidence(incident, phase, bytes, actor) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    incident.evidence.push({ sha256, phase, standing: 'unproven', added: iso(this.now()), by: actor, url: `/api/v1/evidence/${sha256}` })
    incident.evidence_count++
    this.event(incident, 'evidence_added', { actor, evidence: sha256 })
    return sha256
  }

  refusal(incident, action, actor) {
    const s = incident.state
    const over = ended.includes(s)
    const allowedIn = {
      acknowledge: ['open'], depart: ['acknowledged'], arrive: ['acknowledged', 'en_route'], resolve: ['on_scene'], verify: ['resolved'], reject: ['resolved'],
      reopen: ['closed', 'false_alarm', 'resolved'],
    }[action]
    if (action === 'report') return 'wrong-state'
    if (action === 'seen') return incident.told.some((t) => t.person === actor && !t.seen) ? '' : 'not-told'
    if (action.startsWith('reporter')) return 'not-the-reporter'
    if (allowedIn && !allowedIn.includes(s)) return 'wrong-state'
    if (!allowedIn && over) return 'wrong-state'
    if (action === 'resolve' && !incident.evidence.some((e) => e.phase === 'after')) return 'needs-after-evidence'
    if (action === 'mark_false_alarm' && incident.severity === 'red' && !incident.times.arrived) return 'needs-arrival'
    if (action === 'verify' && incident.resolver === actor) return 'verifier-is-resolver'
    return ''
  }

  summary(incident) {
    this.deadlines(incident)
    return Object.fromEntries(Object.entries(incident).filter(([field]) => !onlyInDetail.has(field)))
  }

  detail(incident, actor, catalogue) {
    this.deadlines(incident)
    const actions = [
      'report', 'acknowledge', 'depart', 'arrive', 'resolve', 'verify', 'reject', 'mark_false_alarm', 'transfer', 'merge', 'reopen', 'escalate',
      'set_severity', 'add_note', 'add_evidence', 'reporter_satisfied', 'reporter_unsatisfied', 'seen',
    ].map((action) => {
      const code = this.refusal(incident, action, actor)
      return code ? { action, allowed: false, reason: { code, zh: catalogue[code].zh, en: catalogue[code].en } } : { action, allowed: true }
    })
    const merge = [...this.byId.values()].filter((i) => i !== incident && !i.ended).slice(0, 4)
      .map(({ id, kind, kind_name, severity, state, place, opened }) => ({ id, kind, kind_name, severity, state, place: { code: place.code, name: place.name }, opened }))
    return { ...incident, actions, transfer_targets: this.policy.bodies.filter((b) => b.code !== incident.lead.code).map(ref), merge_targets: merge, held_back: [], needs_help: [] }
  }
}
