// What needs me now: the order of the live list, its groups and its filters. Pure; kept quick enough for 100,000 incidents.
import type { IncidentState, IncidentSummary, Severity } from '@shoumen/client'
import { severityRank } from '@shoumen/ui'

export type Group = 'late' | 'running' | 'waiting' | 'ended'

export interface Filter {
  text: string
  severities: readonly Severity[] // none: all
  states: readonly IncidentState[] // none: all
}

export interface Arranged {
  groups: { group: Group; incidents: IncidentSummary[] }[] // empty ones are left out
  changesAt: number // the moment at which the order changes by itself, ms; Infinity: never
}

interface Derived {
  at: number // of the deadline ahead
  since: number // of the one that passed
  opened: number
  ended: number
  hay: string
}

const derivedOf = new WeakMap<IncidentSummary, Derived>()

function derived(incident: IncidentSummary): Derived {
  let d = derivedOf.get(incident)
  if (!d) {
    const { deadline, overdue } = incident
    d = {
      at: deadline ? Date.parse(deadline.at) : incident.look_by ? Date.parse(incident.look_by) : Infinity,
      since: overdue ? Date.parse(overdue.since) : Infinity,
      opened: Date.parse(incident.opened),
      ended: incident.ended ? Date.parse(incident.ended) : 0,
      hay: haystack(incident),
    }
    derivedOf.set(incident, d)
  }
  return d
}

function haystack(i: IncidentSummary): string {
  const named = [i.kind_name, i.lead.name, ...i.assist.map((b) => b.name), ...i.place.path.map((p) => p.name)]
  if (i.supervisor) named.push(i.supervisor.name)
  const words = named.flatMap((n) => (n.zh === n.en ? [n.zh] : [n.zh, n.en]))
  return [i.kind, i.place.code, i.lead.code, i.responder ?? '', ...words].join(' ').toLowerCase()
}

export function matches(incident: IncidentSummary, filter: Filter, words: readonly string[]): boolean {
  if (filter.severities.length && !filter.severities.includes(incident.severity)) return false
  if (filter.states.length && !filter.states.includes(incident.state)) return false
  if (!words.length) return true
  const { hay } = derived(incident)
  // #43 is incident 43; a bare number is more often that of a home.
  return words.every((w) => (w.startsWith('#') ? `#${incident.id}`.startsWith(w) : hay.includes(w)))
}

export const wordsOf = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean)

// Since when it is late; Infinity: it is not.
export function lateSince(incident: IncidentSummary, now: number): number {
  const { at, since } = derived(incident)
  return Math.min(since, at <= now ? at : Infinity)
}

export function arrange(all: Iterable<IncidentSummary>, filter: Filter, now: number): Arranged {
  const words = wordsOf(filter.text)
  const late: IncidentSummary[] = []
  const running: IncidentSummary[] = []
  const waiting: IncidentSummary[] = []
  const ended: IncidentSummary[] = []
  let changesAt = Infinity
  for (const incident of all) {
    if (!matches(incident, filter, words)) continue
    const { at, since } = derived(incident)
    if (incident.state === 'closed' || incident.state === 'false_alarm' || incident.state === 'merged' || incident.state === 'quiet') ended.push(incident)
    else if (since !== Infinity || at <= now) late.push(incident)
    else {
      if (at < changesAt) changesAt = at
      if (incident.state === 'resolved') waiting.push(incident)
      else running.push(incident)
    }
  }
  // Late: gravest first, then longest. Running: whose time ends first. Ended: newest first.
  late.sort((a, b) => severityRank[a.severity] - severityRank[b.severity] || lateSince(a, now) - lateSince(b, now) || byId(a, b))
  const soonest = (a: IncidentSummary, b: IncidentSummary) =>
    less(derived(a).at, derived(b).at) || severityRank[a.severity] - severityRank[b.severity] || byId(a, b)
  running.sort(soonest)
  waiting.sort(soonest)
  ended.sort((a, b) => derived(b).ended - derived(a).ended || byId(b, a))
  const groups: Arranged['groups'] = []
  for (const [group, incidents] of [['late', late], ['running', running], ['waiting', waiting], ['ended', ended]] as const) {
    if (incidents.length) groups.push({ group, incidents })
  }
  return { groups, changesAt }
}

const less = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1) // Infinity − Infinity is not a number
const byId = (a: IncidentSummary, b: IncidentSummary) => a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

// The list as rows: a heading, then its incidents.
export type Row = { heading: Group; count: number } | { incident: IncidentSummary; nth: number }

export function rowsOf(arranged: Arranged): Row[] {
  const rows: Row[] = []
  let nth = 0
  for (const { group, incidents } of arranged.groups) {
    rows.push({ heading: group, count: incidents.length })
    for (const incident of incidents) rows.push({ incident, nth: nth++ })
  }
  return rows
}
