// Texts of the ledger are bytes: a string here holds one byte in each of its characters, and is read as UTF-8 only where it is
// shown. So whatever was signed or hashed is checked as it lies there.

export class ProofError extends Error {
  constructor(readonly code: 'bad-receipt' | 'bad-note' | 'bad-checkpoint' | 'bad-key' | 'bad-row', readonly detail: string) {
    super(`${code}: ${detail}`)
  }
}

export function toBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length)
  for (let i = 0; i < text.length; ++i) out[i] = text.charCodeAt(i)
  return out
}

export function fromBytes(bytes: Uint8Array): string {
  let out = ''
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return out
}

export const fromUtf8 = (text: string): string => fromBytes(new TextEncoder().encode(text))
export const toUtf8 = (text: string): string => new TextDecoder().decode(toBytes(text))

export function toHex(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; ++i) out += text.charCodeAt(i).toString(16).padStart(2, '0')
  return out
}

export function fromHex(hex: string): string {
  let out = ''
  for (let i = 0; i < hex.length; i += 2) out += String.fromCharCode(parseInt(hex.slice(i, i + 2), 16))
  return out
}

export const toBase64 = (text: string): string => btoa(text)

// One way of writing: padded, no spaces, no bits left over.
export function fromBase64(text: string): string | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  try {
    const bytes = atob(text)
    return btoa(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

const base45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

export function fromBase45(text: string): string | undefined {
  if (text.length % 3 === 1) return undefined
  let out = ''
  for (let i = 0; i < text.length; i += 3) {
    const part = text.slice(i, i + 3)
    let value = 0
    for (let k = part.length - 1; k >= 0; --k) {
      const digit = base45.indexOf(part[k]!)
      if (digit < 0) return undefined
      value = value * 45 + digit
    }
    if (value > (part.length === 3 ? 0xffff : 0xff)) return undefined
    if (part.length === 3) out += String.fromCharCode(value >> 8)
    out += String.fromCharCode(value & 0xff)
  }
  return out
}

const largest = (1n << 64n) - 1n

// Digits alone, no zero in front, 64 bits.
export function plainNumber(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,19})$/.test(text)) return undefined
  const value = BigInt(text)
  return value <= largest ? value : undefined
}

// Control characters and backslashes as \n, \\ and \x1f, back to what they were.
export function unescaped(line: string): string | undefined {
  if (/\\(?!\\|n|x[0-9a-fA-F]{2})/.test(line.replaceAll('\\\\', ''))) return undefined
  return line.replace(/\\(\\|n|x([0-9a-fA-F]{2}))/g, (_, what: string, hex?: string) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : what === 'n' ? '\n' : '\\')
}

export class ByteWriter {
  private parts: string[] = []

  raw(bytes: string): this {
    this.parts.push(bytes)
    return this
  }
  varint(value: bigint): this {
    let out = ''
    for (; value >= 0x80n; value >>= 7n) out += String.fromCharCode(Number(value & 0x7fn) | 0x80)
    return this.raw(out + String.fromCharCode(Number(value)))
  }
  zigzag(value: bigint): this {
    return this.varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)))
  }
  text(bytes: string): this {
    return this.varint(BigInt(bytes.length)).raw(bytes)
  }
  take(): string {
    return this.parts.join('')
  }
}

// Never reads past the end: after the first fault `ok` is false and all that follows is zero or empty.
export class ByteReader {
  ok = true
  private at = 0

  constructor(private readonly bytes: string) {}

  u8(): number {
    return this.raw(1).charCodeAt(0) || 0
  }
  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 64n; shift += 7n) {
      if (this.at >= this.bytes.length) break
      const byte = this.bytes.charCodeAt(this.at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    this.fail()
    return 0n
  }
  zigzag(): bigint {
    const value = this.varint()
    return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
  }
  text(): string {
    const n = this.varint()
    return n > BigInt(this.bytes.length - this.at) ? this.fail() : this.raw(Number(n))
  }
  raw(n: number): string {
    if (!this.ok || n > this.bytes.length - this.at) return this.fail()
    this.at += n
    return this.bytes.slice(this.at - n, this.at)
  }
  get atEnd(): boolean {
    return this.at === this.bytes.length
  }
  private fail(): string {
    this.ok = false
    this.at = this.bytes.length
    return ''
  }
}
