// Which rule and device need looking after first. Pure.
import type { PrecisionTrack } from '@shoumen/client'

const rank = { quiet: 0, second_look: 1, trusted: 2 } as const

export const judgedOf = (track: PrecisionTrack) => track.verdicts.true + track.verdicts.false

// What is doubted first; then what may be the worst.
export function worstFirst(tracks: readonly PrecisionTrack[]): PrecisionTrack[] {
  return [...tracks].sort((a, b) => rank[a.stage] - rank[b.stage] || (a.high ?? 1) - (b.high ?? 1) || Date.parse(b.last_alert) - Date.parse(a.last_alert))
}

export const keyOf = (track: PrecisionTrack) => [track.rule.code, track.device?.code ?? '', track.scene ?? (track.scene_untold ? '?' : '')].join('/')

export const percent = (share: number) => Math.round(share * 100)
