// The tree of places, for picking one by name or step by step.

export interface PlaceNode {
  code: string
  name: { zh: string; en: string }
  level: string
  parent?: string
}

export interface PlaceTree {
  byCode: ReadonlyMap<string, PlaceNode>
  children: ReadonlyMap<string, readonly PlaceNode[]> // of '' are the tops
  readonly haystack: ReadonlyMap<string, string>
}

export function treeOf(places: readonly PlaceNode[]): PlaceTree {
  const byCode = new Map(places.map((p) => [p.code, p]))
  const children = new Map<string, PlaceNode[]>()
  const haystack = new Map<string, string>()
  for (const place of places) {
    const parent = place.parent && byCode.has(place.parent) ? place.parent : ''
    const siblings = children.get(parent)
    if (siblings) siblings.push(place)
    else children.set(parent, [place])
    const own = `${place.name.zh} ${place.name.en} ${place.code}`.toLowerCase()
    haystack.set(place.code, parent ? `${haystack.get(parent) ?? ''} ${own}` : own)
  }
  return { byCode, children, haystack }
}

export function pathOf(tree: PlaceTree, code: string): PlaceNode[] {
  const path: PlaceNode[] = []
  for (let at = tree.byCode.get(code); at && path.length < 20; at = at.parent ? tree.byCode.get(at.parent) : undefined) {
    path.unshift(at)
  }
  return path
}

// Every word must stand somewhere on the way from the top to the place, the last one in the place's own name or code: so
// "1号楼 301" finds the home and not all that lies in it.
export function findPlaces(tree: PlaceTree, text: string, limit: number): { found: PlaceNode[]; more: number } {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const last = words.at(-1)
  if (last === undefined) return { found: [], more: 0 }
  const found: PlaceNode[] = []
  let more = 0
  for (const place of tree.byCode.values()) {
    const own = `${place.name.zh} ${place.name.en} ${place.code}`.toLowerCase()
    if (!own.includes(last)) continue
    const all = tree.haystack.get(place.code) ?? own
    if (!words.every((w) => all.includes(w))) continue
    if (found.length < limit) found.push(place)
    else more++
  }
  return { found, more }
}

// Where to begin: the first place that offers a choice.
export function firstFork(tree: PlaceTree): string {
  let at = ''
  for (;;) {
    const below = tree.children.get(at) ?? []
    if (below.length !== 1 || !tree.children.has(below[0]!.code)) return at
    at = below[0]!.code
  }
}
