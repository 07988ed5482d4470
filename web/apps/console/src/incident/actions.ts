// How the server's actions are offered: in which order, by which key, and what has to be asked first. Whether one is allowed is
// never decided here.
import type { Action, ActionState } from '@shoumen/client'

export interface ActionForm {
  action: Action
  key: string
  // direct: one press does it. words: asks for a few words that may be left out; reason: that may not. body, incident, severity,
  // verdict: asks which.
  // note, photo: have their own place on the page.
  ask: 'direct' | 'words' | 'reason' | 'body' | 'incident' | 'severity' | 'verdict' | 'note' | 'photo'
}

// Likely ones first: the way of an incident, then what turns it elsewhere.
export const actionTable: readonly ActionForm[] = [
  { action: 'confirm', key: 'b', ask: 'words' },
  { action: 'acknowledge', key: 'a', ask: 'direct' },
  { action: 'depart', key: 'd', ask: 'direct' },
  { action: 'arrive', key: 'r', ask: 'direct' },
  { action: 'resolve', key: 'f', ask: 'words' },
  { action: 'verify', key: 'v', ask: 'words' },
  { action: 'reporter_satisfied', key: 'y', ask: 'words' },
  { action: 'add_evidence', key: 'p', ask: 'photo' },
  { action: 'add_note', key: 'n', ask: 'note' },
  { action: 'reject', key: 'x', ask: 'words' },
  { action: 'reporter_unsatisfied', key: 'u', ask: 'words' },
  { action: 'transfer', key: 't', ask: 'body' },
  { action: 'escalate', key: 'e', ask: 'words' },
  { action: 'set_severity', key: 's', ask: 'severity' },
  { action: 'mark_false_alarm', key: 'm', ask: 'verdict' },
  { action: 'merge', key: 'g', ask: 'incident' },
  { action: 'reopen', key: 'o', ask: 'words' },
  { action: 'judge', key: 'i', ask: 'verdict' },
  { action: 'trust_again', key: 'q', ask: 'reason' },
]

const forward: readonly Action[] = ['confirm', 'acknowledge', 'depart', 'arrive', 'resolve', 'verify', 'reporter_satisfied']

// Refusals that the person in front of the page can mend at once. They are shown beside the buttons; all others lie folded.
const mendable: readonly string[] = ['needs-after-evidence']

export interface OfferedAction extends ActionForm {
  allowed: boolean
  reason?: NonNullable<ActionState['reason']>
}

export interface Offer {
  first?: OfferedAction // the likely one, large
  also: OfferedAction[] // allowed as well
  blocked: OfferedAction[] // nearly: its reason says what is missing
  others: OfferedAction[] // not now, or not for this person
}

export function offerOf(states: readonly ActionState[]): Offer {
  const byAction = new Map(states.map((s) => [s.action, s]))
  const offered: OfferedAction[] = []
  for (const form of actionTable) {
    const state = byAction.get(form.action)
    if (state) offered.push({ ...form, allowed: state.allowed, reason: state.reason })
  }
  const allowed = offered.filter((o) => o.allowed)
  const blocked = offered.filter((o) => !o.allowed && mendable.includes(o.reason?.code ?? ''))
  const photoMissing = blocked.some((o) => o.reason?.code === 'needs-after-evidence')
  const first = (photoMissing ? allowed.find((o) => o.action === 'add_evidence') : undefined)
    ?? allowed.find((o) => forward.includes(o.action))
  return {
    first,
    also: allowed.filter((o) => o !== first),
    blocked,
    others: offered.filter((o) => !o.allowed && !blocked.includes(o)),
  }
}
