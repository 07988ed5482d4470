// Merkle hashing as RFC 9162, section 2.1, has it, with SHA-256 or SM3. A digest is 32 bytes.
import { sha256 } from '@noble/hashes/sha2'
import { sm3 } from 'sm-crypto-v2'
import { fromBytes, fromHex, toBytes } from './bytes'

export type Suite = 'sha256' | 'sm3'
export type Digest = string
export const digestSize = 32

export const hash = (suite: Suite, bytes: string): Digest =>
  suite === 'sm3' ? fromHex(sm3(toBytes(bytes))) : fromBytes(sha256(toBytes(bytes)))
export const leafHash = (suite: Suite, bytes: string): Digest => hash(suite, `\x00${bytes}`)
export const nodeHash = (suite: Suite, left: Digest, right: Digest): Digest => hash(suite, `\x01${left}${right}`)
export const emptyRoot = (suite: Suite): Digest => hash(suite, '')
