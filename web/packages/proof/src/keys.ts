// Public keys, written as verifier keys ("name+id+key"): Ed25519 and SM2 of a log, Ed25519 with a time of a witness.
import { DER } from '@noble/curves/abstract/weierstrass'
import { ed25519 } from '@noble/curves/ed25519'
import { sm2 } from 'sm-crypto-v2'
import { fromBase64, ProofError, toBytes, toHex } from './bytes'
import { cosignedMessage, cosignedTime } from './cosignature'
import { hash } from './hashing'
import { bigEndian, isKeyName } from './note'

export type KeyType = 'ed25519' | 'sm2' | 'witness'
export interface PublicKey {
  name: string
  type: KeyType
  bytes: string
}

const marks: Record<KeyType, string> = { ed25519: '\x01', sm2: '\xffshoumen-sm2', witness: '\x04' }
const sizes: Record<KeyType, number> = { ed25519: 32, sm2: 65, witness: 32 }
const types: readonly KeyType[] = ['ed25519', 'sm2', 'witness']
const sm2User = '1234567812345678'
const largestFile = 64 << 10

const bad = (detail: string) => new ProofError('bad-key', detail)

export const keyId = (key: PublicKey): number => bigEndian(hash('sha256', `${key.name}\n${marks[key.type]}${key.bytes}`).slice(0, 4))

export function parseVkey(line: string): PublicKey {
  const first = line.indexOf('+')
  const second = line.indexOf('+', first + 1)
  const name = line.slice(0, Math.max(first, 0))
  if (first < 0 || second < 0 || !isKeyName(name)) throw bad('form')
  const bytes = line.length - second > 1024 ? undefined : fromBase64(line.slice(second + 1))
  if (bytes === undefined) throw bad('cut-off')
  for (const type of types) {
    if (!bytes.startsWith(marks[type]) || bytes.length !== marks[type].length + sizes[type]) continue
    const key = { name, type, bytes: bytes.slice(marks[type].length) }
    if (keyId(key).toString(16).padStart(8, '0') !== line.slice(first + 1, second)) throw bad('id')
    return key
  }
  throw bad('type')
}

// A line each; empty ones and those that begin with # are passed.
export function parseVkeys(file: string): PublicKey[] {
  if (file.length > largestFile) throw bad('too-large')
  return file.split('\n').map((line) => line.replace(/[\r ]+$/, '')).filter((line) => line && !line.startsWith('#')).map(parseVkey)
}

// One way of writing a signature: the library reads DER loosely, so it is read strictly before.
function pairOf(signature: string): string {
  const { r, s } = DER.toSig(toBytes(signature))
  return [r, s].map((v) => v.toString(16).padStart(64, '0')).join('')
}

function isRight(key: PublicKey, message: string, signature: string): boolean {
  try {
    if (key.type === 'sm2')
      return sm2.doVerifySignature(toBytes(message), pairOf(signature), toHex(key.bytes), { hash: true, userId: sm2User })
    return ed25519.verify(toBytes(signature), toBytes(message), toBytes(key.bytes), { zip215: false })
  } catch {
    return false
  }
}

export function isSigned(key: PublicKey, text: string, signature: string): boolean {
  if (key.type !== 'witness') return isRight(key, text, signature)
  const seconds = cosignedTime(signature)
  return seconds !== undefined && isRight(key, cosignedMessage(text, seconds), signature.slice(8))
}
