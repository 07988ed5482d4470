// A receipt: an act with its salt, its place in the ledger, the proof that it stands there, and a signed checkpoint; as lines of
// text, or short for a QR code ("SHOUMEN1:" and Base45).
import { ByteReader, fromBase45, fromBase64, plainNumber, ProofError, unescaped } from './bytes'
import { parseCheckpoint, signersOf, toText, type Checkpoint, type Signers } from './checkpoint'
import { digestSize, type Digest } from './hashing'
import type { PublicKey } from './keys'
import { leafOfAct, noSalt, type Act } from './leaf'
import { bigEndian, isKeyName, mostSignatures, parseNote, type Note } from './note'
import { longestProof, rootBy } from './proof'

export interface Receipt {
  act: Act // of one that was erased: shard and id alone
  erased: boolean
  leaf: Digest // of one that was erased
  index: bigint
  proof: Digest[]
  note: Note
}

const firstLine = 'shoumen/receipt/1'
const shortMark = 'SHOUMEN1:'
const largestReceipt = 160 << 10
const longestField = 8 << 10
const largestShort = 8 << 10

const bad = (detail: string) => new ProofError('bad-receipt', detail)

function emptyAct(): Act {
  return { shard: 0n, id: 0n, at: 0n, actor: '', role: '', kind: '', purpose: '', subject: '', count: 1n, detail: '', salt: noSalt }
}

// 2026-03-03T00:00:00[.123456]Z in microseconds; the one form a receipt is written in.
export function microsOf(text: string): bigint | undefined {
  const m = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(text)
  if (!m) return undefined
  const ms = Date.parse(`${m[1]}Z`)
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== m[1]) return undefined
  return BigInt(ms) * 1000n + BigInt((m[2] ?? '').padEnd(6, '0'))
}

class Lines {
  constructor(private rest: string) {}

  value(word: string): string {
    const end = this.rest.indexOf('\n')
    if (end < 0 || !this.nextIs(word)) throw bad(word)
    const line = this.rest.slice(word.length + 1, end)
    this.rest = this.rest.slice(end + 1)
    return line
  }
  nextIs(word: string): boolean {
    return this.rest.startsWith(`${word} `)
  }
  number(word: string): bigint {
    const value = plainNumber(this.value(word))
    if (value === undefined) throw bad(word)
    return value
  }
  text(word: string): string {
    const raw = this.value(word)
    const value = raw.length > longestField ? undefined : unescaped(raw)
    if (value === undefined) throw bad(word)
    return value
  }
  digest(word: string): Digest {
    const value = fromBase64(this.value(word))
    if (value?.length !== digestSize) throw bad(word)
    return value
  }
  after(): string {
    if (!this.rest.startsWith('\n')) throw bad('proof')
    return this.rest.slice(1)
  }
}

function parseLines(bytes: string): Receipt {
  const lines = new Lines(bytes)
  const act = emptyAct()
  act.shard = lines.number('shard')
  if (act.shard > 0xffffffffn) throw bad('shard')
  act.id = lines.number('act')
  const erased = lines.nextIs('erased')
  let leaf = ''
  if (erased) {
    leaf = lines.digest('erased')
  } else {
    const at = microsOf(lines.value('at'))
    if (at === undefined) throw bad('at')
    act.at = at
    act.actor = lines.text('actor')
    act.role = lines.text('role')
    act.kind = lines.text('kind')
    act.purpose = lines.text('purpose')
    act.subject = lines.text('subject')
    act.count = lines.number('count')
    act.detail = lines.text('detail')
    act.salt = lines.digest('salt')
    if (act.salt === noSalt) throw bad('salt')
  }
  const index = lines.number('index')
  const proof: Digest[] = []
  while (lines.nextIs('proof')) {
    if (proof.length === longestProof) throw bad('proof')
    proof.push(lines.digest('proof'))
  }
  const note = parseNote(lines.after())
  parseCheckpoint(note.text)
  return { act, erased, leaf, index, proof, note }
}

function parseShort(text: string): Receipt {
  const held = text.replace(/[\r\n]+$/, '')
  const bytes = held.length > largestShort ? undefined : fromBase45(held)
  if (bytes === undefined) throw bad('code')
  const input = new ByteReader(bytes)
  const flags = input.u8()
  if (flags > 7) throw bad('version')
  const erased = (flags & 1) !== 0
  const act = emptyAct()
  act.shard = BigInt.asUintN(32, input.varint())
  act.id = input.varint()
  let leaf = ''
  if (erased) {
    leaf = input.raw(digestSize)
  } else {
    act.at = input.zigzag()
    act.actor = input.text()
    act.role = input.text()
    act.kind = input.text()
    act.purpose = input.text()
    act.subject = input.text()
    act.count = input.varint()
    act.detail = input.text()
    act.salt = input.raw(digestSize)
  }
  const index = input.varint()
  const size = input.varint()
  const length = input.varint()
  if (length > BigInt(longestProof)) throw bad('proof')
  const proof: Digest[] = []
  for (let i = 0n; i < length && input.ok; ++i) proof.push(input.raw(digestSize))
  const origin = input.text()
  const seconds = (flags & 4) !== 0 ? Number(input.varint()) : undefined
  const n = Number(input.varint())
  if (n === 0 || n > mostSignatures) throw bad('unsigned')
  const signatures = []
  for (let i = 0; i < n && input.ok; ++i) {
    const name = input.text() || origin
    const keyId = bigEndian(input.raw(4))
    const signature = input.text()
    if (!isKeyName(name) || signature === '') throw bad('signature')
    signatures.push({ name, keyId, bytes: signature })
  }
  if (!input.ok || !input.atEnd) throw bad('cut-off')
  if (!erased && act.salt === noSalt) throw bad('salt')
  const suite = (flags & 2) !== 0 ? 'sm3' : 'sha256'
  const root = rootBy(suite, erased ? leaf : leafOfAct(suite, act), index, size, proof)
  if (root === undefined) throw bad('proof')
  const written = toText({ origin, size, root, suite, seconds })
  parseCheckpoint(written)
  return { act, erased, leaf, index, proof, note: { text: written, signatures } }
}

export const looksLikeReceipt = (bytes: string): boolean => bytes.startsWith(shortMark) || bytes.startsWith('shoumen/receipt/')

export function parseReceipt(bytes: string): Receipt {
  if (bytes.length > largestReceipt) throw bad('too-large')
  if (bytes.startsWith(shortMark)) return parseShort(bytes.slice(shortMark.length))
  if (!bytes.startsWith(`${firstLine}\n`)) throw bad('version')
  return parseLines(bytes.slice(firstLine.length + 1))
}

export interface Examined {
  checkpoint: Checkpoint
  signers: Signers
  included: boolean
  proven: boolean // it stands at its leaf, the log has signed that, and no signature of a key that was given is wrong
}

export function examine(receipt: Receipt, keys: readonly PublicKey[]): Examined {
  const checkpoint = parseCheckpoint(receipt.note.text)
  const signers = signersOf(receipt.note, checkpoint.origin, keys)
  const leaf = receipt.erased ? receipt.leaf : leafOfAct(checkpoint.suite, receipt.act)
  const included = rootBy(checkpoint.suite, leaf, receipt.index, checkpoint.size, receipt.proof) === checkpoint.root
  return { checkpoint, signers, included, proven: included && signers.standing === 'signed' }
}
