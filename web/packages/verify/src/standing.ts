// What a receipt proves, and what it does not: in codes, for the words of the page.
import type { Examined } from '@shoumen/proof'

export interface Standing {
  // Since when it has stood, by whoever is not the log; the earliest of the witnesses.
  witness: { name: string; seconds: number } | undefined
  proven: string[]
  not: string[]
}

export function standingOf(examined: Examined, erased: boolean): Standing {
  const { signers, included } = examined
  const right = signers.witnesses.flatMap((w) => (w.standing === 'right' && w.seconds !== undefined ? [{ name: w.name, seconds: w.seconds }] : []))
  const signed = signers.standing === 'signed'
  const witness = signed && included ? right.sort((a, b) => a.seconds - b.seconds)[0] : undefined
  const proven: string[] = []
  const not: string[] = []
  ;(included ? proven : not).push(included ? (erased ? 'place' : 'included') : 'not_included')
  if (signed) proven.push('signed')
  else not.push(signers.standing === 'wrong' ? 'wrong_signature' : 'not_signed')
  if (witness) proven.push('witnessed')
  else if (signed) not.push(signers.others.length > 0 ? 'witness_unknown' : 'no_witness')
  if (erased) not.push('erased')
  if (signed && included) not.push('later')
  return { witness, proven, not }
}
