// Rows of an exported ledger: a line each, in the order of their leaves; cells between tabs.
import { fromBase64, plainNumber, ProofError, unescaped } from './bytes'
import { digestSize } from './hashing'
import type { Act, BatchMark } from './leaf'

export type Row = { leaf: bigint; act: Act; batch?: undefined } | { leaf: bigint; act?: undefined; batch: BatchMark }

const bad = () => new ProofError('bad-row', 'cell')

function must<T>(value: T | undefined): T {
  if (value === undefined) throw bad()
  return value
}
const number = (cell: string | undefined) => must(plainNumber(cell ?? '-'))
const text = (cell: string | undefined) => must(unescaped(cell ?? '\\'))
function digest(cell: string | undefined): string {
  const value = fromBase64(cell ?? '')
  if (value?.length !== digestSize) throw bad()
  return value
}
function time(cell: string | undefined): bigint {
  if (!/^-?\d{1,19}$/.test(cell ?? '')) throw bad()
  return BigInt.asIntN(64, BigInt(cell!))
}

export function parseRow(line: string, isAct: boolean): Row {
  const c = line.split('\t')
  if (c.length !== (isAct ? 12 : 5)) throw bad()
  const leaf = number(c[0])
  const shard = BigInt.asUintN(32, number(c[1]))
  if (!isAct) return { leaf, batch: { shard, firstSeq: number(c[2]), count: number(c[3]), hash: digest(c[4]) } }
  return {
    leaf,
    act: {
      shard, id: number(c[2]), at: time(c[3]), actor: text(c[4]), role: text(c[5]), kind: text(c[6]), purpose: text(c[7]),
      subject: text(c[8]), count: number(c[9]), detail: text(c[10]), salt: digest(c[11]),
    },
  }
}

// Reads rows one after the other; what cannot be read ends it, with the number of its line.
export class RowFile {
  row: Row | undefined
  fault: number | undefined // the line that cannot be read
  private at = 0
  private line = 0

  constructor(private readonly bytes: Uint8Array, private readonly isAct: boolean) {
    this.next()
  }
  next(): void {
    this.row = undefined
    if (this.fault !== undefined || this.at >= this.bytes.length) return
    const found = this.bytes.indexOf(10, this.at)
    const end = found < 0 ? this.bytes.length : found
    let text = ''
    for (let i = this.at; i < end; i += 8192) text += String.fromCharCode(...this.bytes.subarray(i, Math.min(end, i + 8192)))
    this.at = end + 1
    ++this.line
    try {
      this.row = parseRow(text, this.isAct)
    } catch {
      this.fault = this.line
    }
  }
}
