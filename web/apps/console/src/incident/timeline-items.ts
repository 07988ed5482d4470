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
      text: group.length > 1 ? many(group, speech) : withReason(entry, sentence(entry, photo?.phase, speech), speech),
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

// Why a home's quiet alerted: since when, did the door move before it, what is usual. "quiet since=… left=no learned=yes …"
function withReason(entry: TimelineEntry, text: string, { t }: Speech): string {
  const [kind, ...pairs] = (entry.detail ?? '').split(' ')
  if (kind !== 'quiet') return text
  const said = new Map(pairs.map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]))
  const parts = [
    t('words.quiet.since', { time: clockLike(entry.at, Number(said.get('since'))) }),
    t(`words.quiet.${said.get('left') === 'yes' ? 'left' : 'stayed'}`),
  ]
  const usual = Number(said.get('usual_min') ?? 'NaN')
  const up = Number(said.get('up_by_min') ?? 'NaN')
  if (said.get('learned') !== 'yes') parts.push(t('words.quiet.plain'))
  else if (Number.isFinite(usual)) parts.push(t('words.quiet.usual', { hours: Math.floor(usual / 60), minutes: usual % 60 }))
  if (Number.isFinite(up)) parts.push(t('words.quiet.up', { time: `${two(Math.floor(up / 60))}:${two(up % 60)}` }))
  return text + t('common.colon') + parts.join(t('words.quiet.and'))
}

const two = (n: number) => String(n).padStart(2, '0')

// A moment as a clock beside the one that wrote `at` would show it, with the day where it is another.
function clockLike(at: string, since: number): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)$/.exec(at) ?? []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const text = new Date((since + offset * 60) * 1000).toISOString()
  return (text.slice(0, 10) === at.slice(0, 10) ? '' : `${text.slice(5, 10)} `) + text.slice(11, 16)
}

function sentence(entry: TimelineEntry, phase: string | undefined, { t, te, word, nameOf }: Speech): string {
  const key = `words.event.${keyOf(entry, phase)}`
  if (!te(key)) return entry.type
  // A word of the detail that the page does not know yet is told by the plainest.
  const known = (list: string, plain: string) => word(list, te(`words.${list}.${entry.detail ?? ''}`) ? entry.detail! : plain)
  return t(key, {
    actor: entry.actor ?? t('words.system'),
    body: entry.body ? nameOf(entry.body.name) : '',
    level: word('level', entry.level ?? 'community'),
    severity: word('severity', entry.severity ?? 'red'),
    verdict: entry.type === 'judged' ? known('verdict', 'unknown') : '',
    why: entry.type === 'look_confirmed' ? known('look_why', 'unanswered') : '',
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
