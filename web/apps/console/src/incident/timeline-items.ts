// The server's timeline as sentences. Pure.
import type { IncidentDetail, TimelineEntry } from '@shoumen/client'
import type { Names } from '@shoumen/i18n'
import type { TimelineItem, Translate } from '@shoumen/ui'

export interface Speech {
  t: Translate
  te: (key: string) => boolean
  word: (list: string, code: string) => string
  nameOf: (names: Names) => string
  joined: (parts: readonly string[]) => string
}

const strong = new Set<TimelineEntry['type']>([
  'opened', 'acknowledged', 'arrived', 'resolved', 'verified', 'closed', 'false_alarm', 'transferred', 'merged', 'reopened', 'escalated',
  'deadline_missed', 'acknowledgement_expired', 'rejected', 'look_wanted', 'look_confirmed', 'quietened', 'trusted_again',
])
const light = new Set<TimelineEntry['type']>(['told', 'seen', 'alert_joined', 'alert_cleared'])

export function timelineItems(detail: IncidentDetail, speech: Speech): TimelineItem[] {
  const photos = new Map(detail.evidence.map((e) => [e.sha256, e]))
  const items: TimelineItem[] = []
  for (const group of together(detail.timeline)) {
    const entry = group[0]!
    const photo = entry.evidence ? photos.get(entry.evidence) : undefined
    items.push({
      key: String(entry.n),
      at: group.at(-1)!.at,
      text: group.length > 1 ? many(group, speech) : sentence(entry, photo?.phase, speech),
      // The reporter's words stand above the timeline already.
      words: entry.type === 'opened' ? undefined : entry.text || undefined,
      weight: strong.has(entry.type) ? 'strong' : light.has(entry.type) ? 'light' : 'plain',
      photo: photo && { url: photo.url, label: speech.t('photo.view', { phase: speech.word('phase', photo.phase) }) },
    })
  }
  return items.reverse()
}

// People told at the same moment are one entry; so are alerts that join, or clear, one after the other.
function together(timeline: readonly TimelineEntry[]): TimelineEntry[][] {
  const groups: TimelineEntry[][] = []
  for (const entry of timeline) {
    const last = groups.at(-1)?.[0]
    const alike = last?.type === entry.type && ((entry.type === 'told' && last.at === entry.at) || entry.type.startsWith('alert_'))
    if (alike) groups.at(-1)!.push(entry)
    else groups.push([entry])
  }
  return groups
}

function many(group: readonly TimelineEntry[], { t, nameOf, joined }: Speech): string {
  const type = group[0]!.type
  if (type !== 'told') return t(`words.event.${type}_many`, { count: group.length })
  const bodies = [...new Set(group.map((e) => (e.body ? nameOf(e.body.name) : '')).filter(Boolean))]
  return t('words.event.told_many', { count: group.length, bodies: joined(bodies) })
}

function sentence(entry: TimelineEntry, phase: string | undefined, { t, te, word, nameOf }: Speech): string {
  const key = `words.event.${keyOf(entry, phase)}`
  if (!te(key)) return entry.type
  return t(key, {
    actor: entry.actor ?? t('words.system'),
    body: entry.body ? nameOf(entry.body.name) : '',
    level: word('level', entry.level ?? 'community'),
    severity: word('severity', entry.severity ?? 'red'),
    verdict: entry.type === 'judged' ? word('verdict', entry.detail ?? 'unknown') : '',
    why: entry.type === 'look_confirmed' ? word('look_why', entry.detail ?? 'unanswered') : '',
    deadline: entry.type === 'deadline_missed' ? word('deadline', entry.detail ?? '') : '',
    phase: phase ? word('phase', phase) : '',
  })
}

// Where a sentence has two forms: with and without the part that may be missing.
function keyOf(entry: TimelineEntry, phase: string | undefined): string {
  if ((entry.type === 'opened' || entry.type === 'reopened') && entry.actor) return `${entry.type}_by`
  if (entry.type === 'escalated' && !entry.body) return 'escalated_plain'
  if (entry.type === 'evidence_added' && !phase) return 'evidence_added_plain'
  return entry.type
}
