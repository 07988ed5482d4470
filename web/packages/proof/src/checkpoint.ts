// Checkpoints (C2SP tlog-checkpoint): which log, how many leaves, which root, when signed, which suite; and who has signed it.
import { fromBase64, plainNumber, ProofError, toBase64 } from './bytes'
import { cosignedTime, latest } from './cosignature'
import { digestSize, type Digest, type Suite } from './hashing'
import { isSigned, keyId, type KeyType, type PublicKey } from './keys'
import { isKeyName, type Note } from './note'

export const mostLeaves = 1n << 62n
const mostLines = 32

export interface Checkpoint {
  origin: string
  size: bigint
  root: Digest
  suite: Suite
  seconds: number | undefined // as the log says
}

const bad = (detail: string) => new ProofError('bad-checkpoint', detail)

export function toText(c: Checkpoint): string {
  return `${c.origin}\n${c.size}\n${toBase64(c.root)}\n${c.seconds === undefined ? '' : `time ${c.seconds}\n`}${c.suite === 'sha256' ? '' : `hash ${c.suite}\n`}`
}

export function secondsOf(text: string): number | undefined {
  const value = plainNumber(text)
  return value === undefined || value > BigInt(latest) ? undefined : Number(value)
}

export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw bad('cut-off')
  const [origin, count, hashed, ...more] = lines
  if (!origin || !isKeyName(origin)) throw bad('origin')
  const size = plainNumber(count ?? '')
  if (size === undefined || size > mostLeaves) throw bad('size')
  const root = fromBase64(hashed ?? '')
  if (root?.length !== digestSize) throw bad('root')
  const out: Checkpoint = { origin, size, root, suite: 'sha256', seconds: undefined }
  if (more.length > mostLines || more.includes('')) throw bad('lines')
  for (const line of more) {
    if (line.startsWith('time ')) {
      const seconds = secondsOf(line.slice(5))
      if (seconds === undefined || out.seconds !== undefined) throw bad('time')
      out.seconds = seconds
    } else if (line.startsWith('hash ')) {
      if (line !== 'hash sm3' || out.suite === 'sm3') throw bad('hash')
      out.suite = 'sm3'
    }
  }
  return out
}

// What is to be said of each signature: right, wrong, or of a key that was not given.
export interface Signer {
  name: string
  type: KeyType | undefined // none: the key was not given
  standing: 'right' | 'wrong' | 'unknown'
  seconds: number | undefined // of a witness
}
export interface Signers {
  log: Signer[]
  witnesses: Signer[]
  others: Signer[] // of keys that were not given
  standing: 'signed' | 'not-signed' | 'wrong'
}

export function signersOf(note: Note, origin: string, keys: readonly PublicKey[]): Signers {
  const out: Signers = { log: [], witnesses: [], others: [], standing: 'not-signed' }
  const seen = new Set<string>()
  for (const s of note.signatures) {
    const key = keys.find((k) => k.name === s.name && keyId(k) === s.keyId && (k.type === 'witness' || k.name === origin))
    const once = `${s.name} ${s.keyId}`
    if (seen.has(once)) continue // as with the program: the first one of a key counts
    seen.add(once)
    if (!key) {
      out.others.push({ name: s.name, type: undefined, standing: 'unknown', seconds: undefined })
      continue
    }
    const right = isSigned(key, note.text, s.bytes)
    const seconds = key.type === 'witness' ? cosignedTime(s.bytes) : undefined
    ;(key.type === 'witness' ? out.witnesses : out.log).push({ name: s.name, type: key.type, standing: right ? 'right' : 'wrong', seconds })
  }
  if ([...out.log, ...out.witnesses].some((s) => s.standing === 'wrong')) out.standing = 'wrong'
  else if (out.log.length > 0) out.standing = 'signed'
  return out
}
