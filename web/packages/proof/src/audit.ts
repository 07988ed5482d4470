// Checks files alone, as shoumen-verify does: receipts, checkpoints, exported ledgers (folders), and files of public keys among
// them. Nothing is believed that no signature and no hash stands for. What is found is said in codes; the page has the words.
import { fromBytes, ProofError, toHex } from './bytes'
import { parseCheckpoint, signersOf, type Checkpoint, type Signers } from './checkpoint'
import { digestSize, hash } from './hashing'
import { parseVkeys, type PublicKey } from './keys'
import { leafOfAct, leafOfBatch, noSalt } from './leaf'
import { parseNote } from './note'
import { Tree } from './proof'
import { examine, looksLikeReceipt, parseReceipt, type Examined, type Receipt } from './receipt'
import { RowFile, type Row } from './rows'

export interface Source {
  path: string // with its folders
  size: number
  bytes(): Promise<Uint8Array>
}

export interface Finding {
  code: 'changed' | 'deleted' | 'doubled' | 'written_later' | 'smaller' | 'not_beginning' | 'split' | 'clock' | 'log_clock' | 'tile' | 'signature'
    | 'unsigned' | 'not_included' | 'act_later' | 'emptied' | 'erasure'
  path: string
  params: Record<string, string>
}
export interface Unread {
  path: string
  code: 'unknown' | 'too_large' | 'missing_tile' | 'row' | 'no_keys' | ProofError['code']
  detail: string
}
export interface ReceiptResult {
  path: string
  receipt: Receipt
  examined: Examined
}
export interface Known {
  path: string
  checkpoint: Checkpoint
  signers: Signers
}
export interface LedgerResult {
  path: string
  newest: Known
  rows: number
  erased: number
  checkpoints: number
  newer: number // rows that the newest checkpoint does not hold yet
  whole: boolean // all of it could be read
}
export interface Report {
  keys: PublicKey[]
  keysFrom: 'given' | 'folder' | 'none' // folder: whoever made the folder could have made the keys too
  receipts: ReceiptResult[]
  checkpoints: Known[]
  ledgers: LedgerResult[]
  findings: Finding[]
  more: number // findings that are not listed
  unread: Unread[]
  verdict: 'holds' | 'findings' | 'unchecked'
}

// Acts that are emptied, by the act of erasing they name ('0': none); what acts of erasing say they did; those to come.
interface Erasing {
  emptied: Map<string, bigint[]>
  erasures: Map<string, string>
  toCome: Set<string>
}
const erasingKind = 'person_erased'
const largestFile = 1 << 20
const findingsTold = 50
const writtenWithin = 600_000_000n // µs that an act's own time may lie off: it waited for the disk
const tileWidth = 256

export function tilePath(level: number, n: number, width: number): string {
  let number = ''
  let rest = n
  do {
    const part = String(rest % 1000).padStart(3, '0')
    number = (rest === n ? '' : 'x') + part + (number ? '/' : '') + number
    rest = Math.floor(rest / 1000)
  } while (rest > 0)
  return `tile/${level}/${number}${width === tileWidth ? '' : `.p/${width}`}`
}

const micros = (seconds: number) => BigInt(seconds) * 1_000_000n
const timeOf = (seconds: number | undefined) => (seconds === undefined ? '' : new Date(seconds * 1000).toISOString())

class Audit {
  private readonly report: Report = {
    keys: [], keysFrom: 'none', receipts: [], checkpoints: [], ledgers: [], findings: [], more: 0, unread: [], verdict: 'unchecked',
  }
  private readonly byPath: Map<string, Source>
  private readonly known = new Map<string, Known[]>()

  constructor(private readonly sources: readonly Source[], private readonly given: readonly PublicKey[], private readonly onProgress: (part: number) => void) {
    this.byPath = new Map(sources.map((s) => [s.path, s]))
  }

  async run(): Promise<Report> {
    const folders = this.sources.filter((s) => /(^|\/)checkpoint$/.test(s.path)).map((s) => s.path.slice(0, -'checkpoint'.length))
      .filter((folder) => this.sources.some((s) => s.path.startsWith(`${folder}tile/`)))
    const loose = this.sources.filter((s) => !folders.some((folder) => s.path.startsWith(folder)))
    const texts: { path: string; text: string }[] = []
    for (const source of loose) {
      const text = await this.read(source)
      if (text !== undefined && !this.isKeys(source.path, text)) texts.push({ path: source.path, text })
    }
    await this.settleKeys(folders)
    if (this.report.keys.length === 0) this.cannot('', 'no_keys', '')
    else {
      for (const { path, text } of texts) this.lookAtFile(path, text)
      const newest = new Map<string, Known>()
      for (const folder of folders) {
        const found = await this.gather(folder)
        if (found) newest.set(folder, found)
      }
      this.lookForSplits()
      for (const [folder, point] of newest) await this.lookAtLedger(folder, point)
    }
    const { report } = this
    const some = report.receipts.length + report.checkpoints.length + report.ledgers.length > 0
    report.verdict = report.findings.length > 0 ? 'findings' : report.unread.length > 0 || !some ? 'unchecked' : 'holds'
    return report
  }

  private find(code: Finding['code'], path: string, params: Record<string, string> = {}): void {
    if (this.report.findings.length < findingsTold) this.report.findings.push({ code, path, params })
    else ++this.report.more
  }
  private cannot(path: string, code: Unread['code'], detail: string): void {
    this.report.unread.push({ path, code, detail })
  }
  private async read(source: Source): Promise<string | undefined> {
    if (source.size <= largestFile) return fromBytes(await source.bytes())
    this.cannot(source.path, 'too_large', '')
    return undefined
  }

  // A file of which every line is a public key, or a comment.
  private isKeys(path: string, text: string): boolean {
    const lines = text.split('\n').filter((line) => line.trim() && !line.startsWith('#'))
    if (lines.length === 0 || !lines.every((line) => /^[^ +]+\+[^ +]*\+\S*\s*$/.test(line))) return false
    try {
      this.report.keys.push(...parseVkeys(text))
      this.report.keysFrom = 'given'
    } catch (e) {
      this.refuse(path, e)
    }
    return true
  }
  private refuse(path: string, e: unknown): void {
    if (!(e instanceof ProofError)) throw e
    this.cannot(path, e.code, e.detail)
  }
  private async settleKeys(folders: readonly string[]): Promise<void> {
    const { report } = this
    report.keys.push(...this.given)
    if (this.given.length > 0) report.keysFrom = 'given'
    if (report.keys.length > 0) return
    for (const folder of folders) {
      const file = this.byPath.get(`${folder}keys`)
      if (!file) continue
      const text = await this.read(file)
      if (text === undefined || !this.isKeys(file.path, text)) continue
      report.keysFrom = 'folder'
    }
  }

  private lookAtFile(path: string, text: string): void {
    try {
      if (looksLikeReceipt(text)) this.lookAtReceipt(path, text)
      else {
        const known = this.open(path, text)
        if (known) this.report.checkpoints.push(known)
      }
    } catch (e) {
      if (e instanceof ProofError && (e.code === 'bad-note' || e.code === 'bad-checkpoint') && !looksLikeReceipt(text)) this.cannot(path, 'unknown', e.detail)
      else this.refuse(path, e)
    }
  }

  private lookAtReceipt(path: string, text: string): void {
    const receipt = parseReceipt(text)
    const examined = examine(receipt, this.report.keys)
    const { checkpoint, signers } = examined
    this.report.receipts.push({ path, receipt, examined })
    const act = String(receipt.act.id)
    if (signers.standing === 'wrong') this.find('signature', path, { size: String(checkpoint.size) })
    if (signers.standing === 'not-signed') this.find('unsigned', path, { size: String(checkpoint.size) })
    if (!examined.included) this.find('not_included', path, { act, leaf: String(receipt.index) })
    if (!examined.proven) return
    if (!receipt.erased && checkpoint.seconds !== undefined && receipt.act.at - micros(checkpoint.seconds) > writtenWithin)
      this.find('act_later', path, { act, time: timeOf(checkpoint.seconds) })
    this.keep({ path, checkpoint, signers })
  }

  // A checkpoint that the log has signed; where it has not, a finding.
  private open(path: string, text: string): Known | undefined {
    const note = parseNote(text)
    const checkpoint = parseCheckpoint(note.text)
    const signers = signersOf(note, checkpoint.origin, this.report.keys)
    if (signers.standing !== 'signed') {
      this.find(signers.standing === 'wrong' ? 'signature' : 'unsigned', path, { size: String(checkpoint.size) })
      return undefined
    }
    return this.keep({ path, checkpoint, signers })
  }

  private keep(known: Known): Known {
    const { checkpoint: c } = known
    for (const w of known.signers.witnesses) {
      if (c.seconds !== undefined && w.seconds !== undefined && micros(c.seconds - w.seconds) > writtenWithin)
        this.find('log_clock', known.path, { time: timeOf(c.seconds), name: w.name, other: timeOf(w.seconds) })
    }
    this.known.set(c.origin, [...(this.known.get(c.origin) ?? []), known])
    return known
  }

  private async gather(folder: string): Promise<Known | undefined> {
    let newest: Known | undefined
    for (const source of this.sources) {
      const own = source.path === `${folder}checkpoint`
      if (!own && !source.path.startsWith(`${folder}checkpoints/`)) continue
      const text = await this.read(source)
      if (text === undefined) continue
      try {
        const known = this.open(source.path, text)
        if (own) newest = known
      } catch (e) {
        this.refuse(source.path, e)
      }
    }
    return newest
  }

  private lookForSplits(): void {
    for (const all of this.known.values()) {
      all.sort((a, b) => (a.checkpoint.size < b.checkpoint.size ? -1 : a.checkpoint.size > b.checkpoint.size ? 1 : a.path < b.path ? -1 : 1))
      for (let i = 1; i < all.length; ++i) {
        const [a, b] = [all[i - 1]!, all[i]!]
        const [x, y] = [a.checkpoint, b.checkpoint]
        if (x.size === y.size && x.root !== y.root) this.find('split', b.path, { other: a.path, size: String(x.size) })
        if (x.size < y.size && x.seconds !== undefined && y.seconds !== undefined && micros(x.seconds - y.seconds) > writtenWithin)
          this.find('clock', b.path, { other: a.path, time: timeOf(y.seconds), before: timeOf(x.seconds) })
      }
    }
  }

  // ---- an exported ledger ----

  private async tile(folder: string, level: number, n: number, width: number): Promise<string | undefined> {
    const path = folder + tilePath(level, n, width)
    const source = this.byPath.get(path)
    if (source?.size === width * digestSize) return fromBytes(await source.bytes())
    this.cannot(path, 'missing_tile', '')
    return undefined
  }

  private async rows(folder: string, name: string): Promise<RowFile> {
    const source = this.byPath.get(folder + name)
    return new RowFile(source ? await source.bytes() : new Uint8Array(), name === 'acts')
  }

  private async lookAtLedger(folder: string, newest: Known): Promise<void> {
    const { size: leaves, suite, origin } = newest.checkpoint
    const known = this.known.get(origin)!
    for (const k of known) {
      if (k.checkpoint.size > leaves)
        this.find('smaller', folder, { size: String(leaves), other: k.path, larger: String(k.checkpoint.size), missing: String(k.checkpoint.size - leaves), time: timeOf(k.checkpoint.seconds) })
    }
    const erasing: Erasing = { emptied: new Map(), erasures: new Map(), toCome: new Set() }
    const result: LedgerResult = { path: folder, newest, rows: 0, erased: 0, checkpoints: 0, newer: 0, whole: false }
    this.report.ledgers.push(result)
    const files = { acts: await this.rows(folder, 'acts'), batches: await this.rows(folder, 'batches') }
    const hasRows = this.byPath.has(`${folder}acts`) || this.byPath.has(`${folder}batches`)
    const size = Number(leaves)
    const above: string[][] = []
    const tree = new Tree(suite, (level, hash) => (above[level] ??= []).push(hash))
    let before: Known | undefined
    let next = 0
    const meet = () => {
      for (; next < known.length && known[next]!.checkpoint.size <= BigInt(tree.size); ++next) {
        const k = known[next]!
        if (k.checkpoint.size === BigInt(tree.size) && k.checkpoint.root !== tree.root())
          this.find('not_beginning', folder, { other: k.path, size: String(k.checkpoint.size) })
        before = k
      }
    }
    meet()
    for (let n = 0; n * tileWidth < size; ++n) {
      const width = Math.min(tileWidth, size - n * tileWidth)
      const hashes = await this.tile(folder, 0, n, width)
      if (hashes === undefined) return
      for (let i = 0; i < width; ++i) {
        const leaf = hashes.slice(i * digestSize, (i + 1) * digestSize)
        if (hasRows) this.lookAtLeaf(folder, result, erasing, files, suite, BigInt(tree.size), leaf, before)
        tree.append(leaf)
        meet()
      }
      this.onProgress(tree.size / size)
      if (n % 8 === 7) await new Promise((done) => setTimeout(done))
    }
    result.checkpoints = next
    result.whole = true
    for (let level = 1; level < above.length; ++level) {
      for (let n = 0; n * tileWidth < above[level]!.length; ++n) {
        const wanted = above[level]!.slice(n * tileWidth, (n + 1) * tileWidth)
        const stored = await this.tile(folder, level, n, wanted.length)
        if (stored === undefined) result.whole = false
        else if (stored !== wanted.join('')) this.find('tile', folder + tilePath(level, n, wanted.length))
      }
    }
    if (!hasRows) return
    this.lookAtTheRest(folder, result, erasing, files, leaves)
    this.lookAtErasures(folder, erasing)
  }

  private lookAtLeaf(folder: string, result: LedgerResult, erasing: Erasing, files: { acts: RowFile; batches: RowFile }, suite: Checkpoint['suite'], index: bigint, leaf: string, before: Known | undefined): void {
    for (const f of [files.acts, files.batches]) {
      for (; f.row && f.row.leaf < index; f.next()) this.find('doubled', folder, nameOf(f.row))
    }
    const file = files.acts.row?.leaf === index ? files.acts : files.batches.row?.leaf === index ? files.batches : undefined
    const since = timeOf(before?.checkpoint.seconds)
    if (!file) return this.find('deleted', folder, { leaf: String(index), time: since })
    const row = file.row!
    ++result.rows
    if (row.act?.salt === noSalt) {
      ++result.erased
      const by = /^by (\d{1,20})/.exec(row.act.detail)?.[1] ?? '0'
      erasing.emptied.set(by, [...(erasing.emptied.get(by) ?? []), row.act.id])
    } else if ((row.act ? leafOfAct(suite, row.act) : leafOfBatch(suite, row.batch)) !== leaf)
      this.find('changed', folder, { ...nameOf(row), time: since })
    else if (row.act && before?.checkpoint.seconds !== undefined && micros(before.checkpoint.seconds) - row.act.at > writtenWithin)
      this.find('written_later', folder, { ...nameOf(row), at: timeOf(Number(row.act.at / 1_000_000n)), time: since })
    if (row.act?.kind === erasingKind && row.act.salt !== noSalt) erasing.erasures.set(String(row.act.id), row.act.detail)
    file.next()
  }

  // Nothing is emptied but by an act of erasing that says so: how many, and which.
  private lookAtErasures(folder: string, { emptied, erasures, toCome }: Erasing): void {
    for (const [by, ids] of emptied) {
      if (!erasures.has(by) && !toCome.has(by)) this.find('emptied', folder, { act: String(ids[0]), n: String(ids.length) })
    }
    for (const [act, detail] of erasures) {
      const ids = emptied.get(act) ?? []
      const says = `acts ${ids.length} ${toHex(hash('sha256', ids.map((id) => `${id}\n`).join('')))}`
      if (detail !== says && !detail.startsWith(`${says} `)) this.find('erasure', folder, { act, n: String(ids.length) })
    }
  }

  private lookAtTheRest(folder: string, result: LedgerResult, erasing: Erasing, files: { acts: RowFile; batches: RowFile }, size: bigint): void {
    for (const [name, f] of Object.entries(files)) {
      for (; f.row; f.next()) {
        if (f.row.leaf < size) this.find('doubled', folder, nameOf(f.row))
        else {
          ++result.newer
          if (f.row.act?.kind === erasingKind) erasing.toCome.add(String(f.row.act.id))
        }
      }
      if (f.fault === undefined) continue
      result.whole = false
      this.cannot(folder + name, 'row', String(f.fault))
    }
  }
}

function nameOf(row: Row): Record<string, string> {
  return row.act ? { act: String(row.act.id), leaf: String(row.leaf) } : { batch: String(row.batch.firstSeq), leaf: String(row.leaf) }
}

export function audit(sources: readonly Source[], given: readonly PublicKey[] = [], onProgress: (part: number) => void = () => {}): Promise<Report> {
  return new Audit(sources, given, onProgress).run()
}
