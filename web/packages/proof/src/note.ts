// Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.
import { fromBase64, ProofError } from './bytes'

export const largestNote = 64 << 10
export const mostSignatures = 64
const mark = '\xe2\x80\x94 ' // em dash, space, as bytes

export interface NoteSignature {
  name: string
  keyId: number
  bytes: string
}
export interface Note {
  text: string // ends with a newline
  signatures: NoteSignature[]
}

const bad = (detail: string) => new ProofError('bad-note', detail)

export const bigEndian = (bytes: string): number => [...bytes].reduce((v, c) => v * 256 + c.charCodeAt(0), 0)

export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= 128 && !/[\x00-\x20\x7f+]/.test(name)
}

export function parseNote(bytes: string): Note {
  if (bytes.length > largestNote) throw bad('too-large')
  if (/[\x00-\x09\x0b-\x1f]/.test(bytes)) throw bad('control-characters')
  const gap = bytes.lastIndexOf('\n\n')
  if (gap < 1) throw bad('no-empty-line')
  const lines = bytes.slice(gap + 2).split('\n')
  if (lines.pop() !== '') throw bad('cut-off')
  const signatures = lines.map((line) => {
    const space = line.indexOf(' ', mark.length)
    const name = line.slice(mark.length, space)
    const held = space < 0 ? undefined : fromBase64(line.slice(space + 1))
    if (!line.startsWith(mark) || !isKeyName(name) || !held || held.length <= 4) throw bad('signature')
    return { name, keyId: bigEndian(held.slice(0, 4)), bytes: held.slice(4) }
  })
  if (signatures.length === 0) throw bad('unsigned')
  if (signatures.length > mostSignatures) throw bad('too-many')
  return { text: bytes.slice(0, gap + 1), signatures }
}
