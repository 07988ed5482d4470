// Inclusion (RFC 9162, section 2.1.3.2), and a tree that grows leaf by leaf.
import { mostLeaves } from './checkpoint'
import { emptyRoot, nodeHash, type Digest, type Suite } from './hashing'

export const longestProof = 64

// The root that the proof leads to; none where it has not the length it must have.
export function rootBy(suite: Suite, leaf: Digest, index: bigint, size: bigint, proof: readonly Digest[]): Digest | undefined {
  if (index >= size || size > mostLeaves) return undefined
  let at = index
  let last = size - 1n
  let root = leaf
  for (const sibling of proof) {
    if (last === 0n) return undefined
    if (at % 2n === 1n || at === last) {
      root = nodeHash(suite, sibling, root)
      while (at % 2n === 0n && at !== 0n) {
        at >>= 1n
        last >>= 1n
      }
    } else {
      root = nodeHash(suite, root, sibling)
    }
    at >>= 1n
    last >>= 1n
  }
  return last === 0n ? root : undefined
}

// Keeps the roots of its largest whole subtrees, from the left.
export class Tree {
  private readonly peaks: { height: number; hash: Digest }[] = []
  private count = 0

  // Told of each root of 256 hashes of one level: what tiles above the lowest are made of.
  constructor(private readonly suite: Suite, private readonly onTile: (level: number, hash: Digest) => void = () => {}) {}

  get size(): number {
    return this.count
  }
  append(leaf: Digest): void {
    ++this.count
    let height = 0
    let top = leaf
    while (this.peaks.at(-1)?.height === height) {
      top = nodeHash(this.suite, this.peaks.pop()!.hash, top)
      ++height
      if (height % 8 === 0) this.onTile(height / 8, top)
    }
    this.peaks.push({ height, hash: top })
  }
  root(): Digest {
    const peaks = this.peaks.map((p) => p.hash)
    return peaks.length === 0 ? emptyRoot(this.suite) : peaks.reduceRight((right, left) => nodeHash(this.suite, left, right))
  }
}
