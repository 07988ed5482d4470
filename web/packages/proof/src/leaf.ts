// What a leaf commits to: of an act, a salted hash of its fields; of a batch of inputs, its place and the hash that chains it.
import { ByteWriter } from './bytes'
import { hash, leafHash, type Digest, type Suite } from './hashing'

export interface Act {
  shard: bigint
  id: bigint
  at: bigint // µs
  actor: string
  role: string
  kind: string
  purpose: string
  subject: string
  count: bigint
  detail: string
  salt: Digest
}
export interface BatchMark {
  shard: bigint
  firstSeq: bigint
  count: bigint
  hash: Digest
}

export const noSalt: Digest = '\0'.repeat(32)
const actMark = 'shoumen/act/1\n'
const batchMark = 'shoumen/batch/1\n'

export function leafOfAct(suite: Suite, act: Act): Digest {
  const fields = new ByteWriter().raw(actMark).raw(act.salt).zigzag(act.at)
  for (const text of [act.actor, act.role, act.kind, act.purpose, act.subject]) fields.text(text)
  const commitment = hash(suite, fields.varint(act.count).text(act.detail).take())
  return leafHash(suite, new ByteWriter().raw(actMark).varint(act.shard).varint(act.id).raw(commitment).take())
}

export function leafOfBatch(suite: Suite, batch: BatchMark): Digest {
  return leafHash(suite, new ByteWriter().raw(batchMark).varint(batch.shard).varint(batch.firstSeq).varint(batch.count).raw(batch.hash).take())
}
