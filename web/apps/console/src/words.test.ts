// The closed lists of the contract against the words of the pages: a new state, role or event must not appear as a code.
import { messages } from '@shoumen/i18n'
import { describe, expect, it } from 'vitest'
import contract from '../../../../api/openapi.json'

const schemas = contract.components.schemas as unknown as Record<string, { enum?: string[] }>
const lists: [string, string][] = [
  ['Severity', 'severity'], ['IncidentState', 'state'], ['LadderLevel', 'level'], ['LadderLevel', 'climbed'], ['Role', 'role'], ['Channel', 'channel'],
  ['SignalKind', 'signal'], ['PlaceLevel', 'place_level'], ['PlaceUse', 'place_use'], ['DeadlineKind', 'deadline'], ['Action', 'action'], ['EventType', 'event'],
  ['EvidencePhase', 'phase'], ['EvidenceStanding', 'standing'],
]

describe.each(['zh-CN', 'en'] as const)('words in %s', (locale) => {
  it.each(lists)('for each %s', (schema, list) => {
    const words = messages[locale].words as unknown as Record<string, Record<string, string>>
    expect(schemas[schema]!.enum!.length).toBeGreaterThan(1)
    expect(schemas[schema]!.enum!.filter((code) => !words[list]![code])).toEqual([])
  })
})
