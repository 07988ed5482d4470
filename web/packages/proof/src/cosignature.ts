// Cosignatures (C2SP tlog-cosignature): what a witness signs, and the time that stands before its signature.
import { bigEndian } from './note'

export const latest = 253_402_300_799 // seconds since 1970: the end of year 9999

export const cosignedMessage = (text: string, seconds: number): string => `cosignature/v1\ntime ${seconds}\n${text}`

export function cosignedTime(signature: string): number | undefined {
  if (signature.length !== 8 + 64) return undefined
  const seconds = bigEndian(signature.slice(0, 8))
  return seconds <= latest ? seconds : undefined
}
