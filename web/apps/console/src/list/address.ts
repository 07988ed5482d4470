// The filters of the list as they stand in the address, so that a view can be sent to somebody.
import { endedStates, liveStates, severities, type IncidentState, type Severity } from '@shoumen/client'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export interface View {
  text: string
  severities: Severity[]
  states: IncidentState[]
  ended: boolean
}

function one(value: LocationQuery[string] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function some<T extends string>(value: LocationQuery[string] | undefined, known: readonly T[]): T[] {
  const words = one(value).split(',')
  return known.filter((k) => words.includes(k))
}

export function viewOf(query: LocationQuery): View {
  const ended = one(query['ended']) === '1'
  return {
    text: one(query['q']),
    severities: some(query['severity'], severities),
    states: some(query['state'], ended ? endedStates : liveStates),
    ended,
  }
}

export function queryOf(view: View): LocationQueryRaw {
  return {
    q: view.text || undefined,
    severity: view.severities.join(',') || undefined,
    state: view.states.join(',') || undefined,
    ended: view.ended ? '1' : undefined,
  }
}
