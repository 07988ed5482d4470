// Against the vectors that the real program made (tests/browser/harness/make-vectors.mjs): all of it holds, and no byte of it can
// be changed unnoticed.
import { ed25519 } from '@noble/curves/ed25519'
import { describe, expect, it } from 'vitest'
import { audit, examine, fromUtf8, parseReceipt, parseVkeys, ProofError, tilePath, type Report, type Source } from './index'
import { fromBase64, fromBytes, toBase64, toBytes, unescaped } from './bytes'
import { emptyRoot, hash, leafHash, nodeHash, type Digest, type Suite } from './hashing'
import { keyId } from './keys'
import { leafOfAct } from './leaf'
import { rootBy, Tree } from './proof'
import vectors from './testing/vectors.json'

const suites = ['sha256', 'sm3'] as const
const keysOf = (suite: Suite) => parseVkeys(fromUtf8(vectors[suite].keys + vectors[suite].witness))
const hex = (digest: Digest) => [...digest].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')

function source(path: string, text: string): Source {
  const bytes = toBytes(text)
  return { path, size: bytes.length, bytes: () => Promise.resolve(bytes) }
}
function folder(suite: Suite, change: Record<string, (text: string) => string | undefined> = {}): Source[] {
  return Object.entries(vectors[suite].files).flatMap(([name, held]) => {
    const text = fromBase64(held)!
    const changed = change[name] ? change[name](text) : text
    return changed === undefined ? [] : [source(`ledger/${name}`, changed)]
  })
}
const codes = (report: Report) => report.findings.map((f) => f.code)

describe('hashing', () => {
  it('is that of the standards', () => {
    expect(hex(hash('sha256', 'abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(hex(hash('sm3', 'abc'))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
    expect(hex(emptyRoot('sha256'))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })
})

describe('trees', () => {
  // As the standard defines it, from the leaves.
  function rootOf(suite: Suite, leaves: readonly Digest[]): Digest {
    if (leaves.length < 2) return leaves[0] ?? emptyRoot(suite)
    let k = 1
    while (2 * k < leaves.length) k *= 2
    return nodeHash(suite, rootOf(suite, leaves.slice(0, k)), rootOf(suite, leaves.slice(k)))
  }
  function pathOf(suite: Suite, leaves: readonly Digest[], index: number): Digest[] {
    if (leaves.length < 2) return []
    let k = 1
    while (2 * k < leaves.length) k *= 2
    return index < k
      ? [...pathOf(suite, leaves.slice(0, k), index), rootOf(suite, leaves.slice(k))]
      : [...pathOf(suite, leaves.slice(k), index - k), rootOf(suite, leaves.slice(0, k))]
  }

  it.each(suites)('grow and prove as the standard defines it: %s', (suite) => {
    const leaves = Array.from({ length: 70 }, (_, i) => leafHash(suite, String(i)))
    const tree = new Tree(suite)
    for (let size = 0; size <= leaves.length; ++size) {
      const some = leaves.slice(0, size)
      const root = rootOf(suite, some)
      expect(tree.root()).toBe(root)
      for (let i = 0; i < size; i += 1 + (size >> 3)) {
        const path = pathOf(suite, some, i)
        expect(rootBy(suite, leaves[i]!, BigInt(i), BigInt(size), path)).toBe(root)
        expect(rootBy(suite, leaves[i]!, BigInt(i), BigInt(size), [...path, root])).toBeUndefined()
        expect(rootBy(suite, leaves[(i + 1) % 70]!, BigInt(i), BigInt(size), path)).not.toBe(root)
      }
      if (size < leaves.length) tree.append(leaves[size]!)
    }
    expect(rootBy(suite, leaves[0]!, 70n, 70n, [])).toBeUndefined()
  })

  it('have their tiles where the program has them', () => {
    expect(tilePath(0, 1_234_067, 256)).toBe('tile/0/x001/x234/067')
    expect(tilePath(1, 0, 7)).toBe('tile/1/000.p/7')
  })

  it('of more than a tile say what lies above', () => {
    const above: [number, Digest][] = []
    const leaves = Array.from({ length: 600 }, (_, i) => leafHash('sha256', String(i)))
    const tree = new Tree('sha256', (level, digest) => above.push([level, digest]))
    leaves.forEach((leaf) => tree.append(leaf))
    expect(above).toEqual([[1, rootOf('sha256', leaves.slice(0, 256))], [1, rootOf('sha256', leaves.slice(256, 512))]])
  })
})

describe.each(suites)('receipts of the program, %s', (suite) => {
  const made = vectors[suite]
  const keys = keysOf(suite)

  it('hold, as a file and as the text of the code', () => {
    for (const text of [made.witnessed.receipt, made.witnessed.code]) {
      const receipt = parseReceipt(fromUtf8(text))
      const seen = examine(receipt, keys)
      expect(seen.proven).toBe(true)
      expect(seen.checkpoint.suite).toBe(suite)
      expect(seen.signers.witnesses.map((w) => [w.name, w.standing])).toEqual([['street.example', 'right']])
      expect([receipt.act.kind, receipt.act.subject, String(receipt.act.id)]).toEqual(['account_added', 'account:li.wei', made.act])
    }
    expect(parseReceipt(fromUtf8(made.witnessed.code)).note.text).toBe(parseReceipt(fromUtf8(made.witnessed.receipt)).note.text)
  })

  it('bear both signatures of the log, Ed25519 and SM2', () => {
    const { signers } = examine(parseReceipt(fromUtf8(made.alone.receipt)), keys)
    expect(signers.log.map((s) => [s.type, s.standing])).toEqual([['ed25519', 'right'], ['sm2', 'right']])
    expect(signers.witnesses).toEqual([])
    // Either is enough.
    for (const key of keys.slice(0, 2)) expect(examine(parseReceipt(fromUtf8(made.alone.receipt)), [key]).proven).toBe(true)
  })

  it('prove nothing without a key of the log, and say of which keys nothing is known', () => {
    const seen = examine(parseReceipt(fromUtf8(made.witnessed.receipt)), keys.slice(2))
    expect([seen.included, seen.proven, seen.signers.standing]).toEqual([true, false, 'not-signed'])
    expect(seen.signers.others.length).toBe(2)
    expect(examine(parseReceipt(fromUtf8(made.witnessed.receipt)), keysOf(suite === 'sm3' ? 'sha256' : 'sm3')).proven).toBe(false)
  })

  it('are refused with any byte changed', { timeout: 240_000 }, () => {
    const text = fromUtf8(made.witnessed.receipt)
    for (let i = 0; i < text.length; i += suite === 'sm3' ? 4 : 1) {
      const changed = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ 1) + text.slice(i + 1)
      let proven: boolean
      try {
        const seen = examine(parseReceipt(changed), keys)
        // A name or key number that was changed makes a signature nobody's: it proves the less, and says so.
        proven = seen.proven && seen.signers.others.length === 0
      } catch (e) {
        expect(e).toBeInstanceOf(ProofError)
        proven = false
      }
      expect(`${i} ${proven}`).toBe(`${i} false`)
    }
  })

  it('are refused where they end too early', () => {
    for (const whole of [fromUtf8(made.alone.receipt), fromUtf8(made.alone.code)]) {
      for (let n = 0; n < whole.length; n += 1 + (whole.length >> 6)) {
        let proven = false
        try {
          proven = examine(parseReceipt(whole.slice(0, n)), keys).proven
        } catch (e) {
          expect(e).toBeInstanceOf(ProofError)
        }
        // Without its last line it is the same receipt with a signature less.
        expect(proven && !whole.startsWith('shoumen')).toBe(false)
      }
    }
  })

  it('of an act that was erased prove its place', () => {
    const receipt = parseReceipt(fromUtf8(made.alone.receipt))
    const leaf = toBase64(leafOfAct(suite, receipt.act))
    const erased = fromUtf8(made.alone.receipt).replace(/\nat [\s\S]*?\nindex /, `\nerased ${leaf}\nindex `)
    const seen = examine(parseReceipt(erased), keys)
    expect(parseReceipt(erased).erased).toBe(true)
    expect(seen.proven).toBe(true)
  })
})

describe.each(suites)('exported ledgers, %s', (suite) => {
  const made = vectors[suite]
  const keys = keysOf(suite)

  it('hold, with receipts and what a witness has kept', async () => {
    const report = await audit([
      ...folder(suite), source('receipt', fromUtf8(made.alone.receipt)), source('street.state', fromUtf8(made.state)), source('log-keys', fromUtf8(made.keys)),
      source('witness-keys', fromUtf8(made.witness)),
    ])
    expect([report.verdict, report.findings, report.unread]).toEqual(['holds', [], []])
    expect(report.keysFrom).toBe('given')
    expect(report.ledgers.map((l) => [l.rows, l.whole, l.erased])).toEqual([[6, true, 0]])
    expect(report.receipts[0]!.examined.proven).toBe(true)
  })

  it('say so where the keys come from the folder itself', async () => {
    const report = await audit(folder(suite))
    expect([report.verdict, report.keysFrom]).toEqual(['holds', 'folder'])
    expect((await audit(folder(suite, { keys: () => undefined }))).unread[0]!.code).toBe('no_keys')
  })

  const emptied = (text: string) => {
    const lines = text.split('\n')
    const cells = lines[0]!.split('\t')
    cells[cells.length - 1] = toBase64('\0'.repeat(32))
    return [cells.join('\t'), ...lines.slice(1)].join('\n')
  }
  const last = (text: string) => text.split('\n').slice(0, -2).join('\n') + '\n'
  it.each<[string, Record<string, (text: string) => string | undefined>, string]>([
    ['a row is edited', { acts: (t) => t.replace('li.wei', 'li.wex') }, 'changed'],
    ['a row is deleted', { acts: last }, 'deleted'],
    ['a row is emptied, and no act of erasing says so', { acts: emptied }, 'emptied'],
    ['a row comes twice', { acts: (t) => t + t.split('\n').at(-2)! + '\n' }, 'doubled'],
    ['a batch is deleted', { batches: () => '' }, 'deleted'],
    ['a tile is another', { 'tile/0/000.p/6': (t) => String.fromCharCode(t.charCodeAt(0) ^ 1) + t.slice(1) }, 'not_beginning'],
    ['a checkpoint is changed', { 'checkpoints/5': (t) => t.replace('\n5\n', '\n4\n') }, 'signature'],
  ])('are found out when %s', async (_, change, code) => {
    if (change['batches'] && fromBase64(made.files.batches) === '') return
    const report = await audit(folder(suite, change), keys)
    expect(report.verdict).toBe('findings')
    expect(codes(report)).toContain(code)
  })

  it('of yesterday are found out by what a witness has kept', async () => {
    // The folder as it was when the first five leaves had been signed.
    const five = (t: string) => t.split('\n').filter((line) => line && Number(line.split('\t')[0]) < 5).join('\n') + '\n'
    const yesterday = folder(suite, { acts: five, checkpoint: () => fromUtf8(made.older), 'checkpoints/6': () => undefined, 'tile/0/000.p/6': () => undefined })
    const tile = fromBase64(made.files['tile/0/000.p/6'])!.slice(0, 5 * 32)
    yesterday.push(source('ledger/tile/0/000.p/5', tile))
    expect((await audit(yesterday, keys)).verdict).toBe('holds')
    const report = await audit([...yesterday, source('street.state', fromUtf8(made.state))], keys)
    expect(codes(report)).toEqual(['smaller'])
    expect(report.findings[0]!.params['missing']).toBe('1')
  })

  it('that miss a tile, or hold a row that cannot be read, are not called whole', async () => {
    const report = await audit(folder(suite, { 'tile/0/000.p/6': () => undefined, checkpoint: (t) => t }), keys)
    expect(report.unread.length > 0 || report.ledgers.length === 0).toBe(true)
    expect(report.verdict).not.toBe('holds')
    const torn = await audit(folder(suite, { acts: (t) => `${t}nonsense\n` }), keys)
    expect([torn.verdict, torn.unread[0]!.code]).toEqual(['unchecked', 'row'])
  })

  it('with an emptied act count it, and ask for the act of erasing', async () => {
    const report = await audit(folder(suite, { acts: (t) => t.replace(/^(4\t.*\t)[^\t\n]+$/m, `$1${toBase64('\0'.repeat(32))}`) }), keys)
    expect([report.verdict, report.ledgers[0]!.erased]).toEqual(['findings', 1])
  })
})

describe('what was handed in', () => {
  it('is refused in codes where it is something else', async () => {
    const made = vectors.sha256
    const files = [source('photo.jpg', '\xff\xd8\xff\xe0nothing'), source('keys', fromUtf8(made.keys)), source('broken', 'shoumen/receipt/1\nshard 1\nact x\n')]
    const report = await audit(files)
    expect(report.unread.map((u) => [u.path, u.code])).toEqual([['photo.jpg', 'unknown'], ['broken', 'bad-receipt']])
    expect(report.verdict).toBe('unchecked')
    const wrongKey = await audit([source('keys', fromUtf8(made.keys).replace('+94', '+95').replace(/\+[0-9a-f]{8}\+/, '+00000000+'))])
    expect(wrongKey.unread[0]!.code).toBe('bad-key')
  })

  it('a split view is two trees of one size, both signed', async () => {
    const secret = ed25519.utils.randomPrivateKey()
    const key = { name: 'log.example', type: 'ed25519' as const, bytes: fromBytes(ed25519.getPublicKey(secret)) }
    const signed = (root: string, seconds: number, size = 7) => {
      const text = `log.example\n${size}\n${toBase64(root.repeat(32))}\ntime ${seconds}\n`
      const id = keyId(key)
      const number = String.fromCharCode(...[24, 16, 8, 0].map((shift) => (id >>> shift) & 255))
      return `${text}\n\xe2\x80\x94 log.example ${toBase64(number + fromBytes(ed25519.sign(toBytes(text), secret)))}\n`
    }
    const look = async (...notes: string[]) => codes(await audit(notes.map((note, i) => source(`note-${i}`, note)), [key]))
    expect(await look(signed('a', 1000), signed('a', 1001))).toEqual([])
    expect(await look(signed('a', 1000), signed('b', 1001))).toEqual(['split'])
    // A larger tree that says it was signed an hour earlier.
    expect(await look(signed('a', 9000), signed('b', 5400, 8))).toEqual(['clock'])
  })

  it('texts are taken back byte for byte', () => {
    expect(unescaped('a\\\\n\\n\\x1f')).toBe('a\\n\n\x1f')
    expect(unescaped('\\')).toBeUndefined()
    expect(unescaped('\\y')).toBeUndefined()
    expect(unescaped('\\\\\\x1')).toBeUndefined()
    expect(fromBytes(new TextEncoder().encode('门'))).toBe('\xe9\x97\xa8')
    for (const text of ['QQ', 'QQ=', 'QR==', 'Q Q=', 'QQ==\n']) expect(fromBase64(text)).toBeUndefined()
  })
})
