// What somebody changed of a community directory, apart from the version it was changed over. Pure.
import type { DirectoryFiles } from '@shoumen/client'

export type Edits = Record<string, string | null> // null: taken away

export function applied(base: DirectoryFiles, edits: Edits): DirectoryFiles {
  const out: DirectoryFiles = { ...base }
  for (const [name, text] of Object.entries(edits)) {
    if (text === null) delete out[name]
    else out[name] = text
  }
  return out
}

export type Change = 'added' | 'changed' | 'removed'

export function changesOf(base: DirectoryFiles, edits: Edits): Record<string, Change> {
  const out: Record<string, Change> = {}
  for (const [name, text] of Object.entries(edits)) {
    if (text === null) { if (name in base) out[name] = 'removed' } else if (!(name in base)) out[name] = 'added'
    else if (base[name] !== text) out[name] = 'changed'
  }
  return out
}

// The same edits over another version. A file that both changed, each in its own way, is a conflict: somebody must choose.
export function rebased(base: DirectoryFiles, theirs: DirectoryFiles, edits: Edits): { edits: Edits; conflicts: string[] } {
  const out: Edits = {}
  const conflicts: string[] = []
  for (const [name, mine] of Object.entries(edits)) {
    const now = theirs[name] ?? null
    if (now === mine) continue
    out[name] = mine
    if (now !== (base[name] ?? null)) conflicts.push(name)
  }
  return { edits: out, conflicts: conflicts.sort() }
}

// Where a file that somebody picks belongs: by its name where there is one like it, else among the rules.
export function nameFor(file: string, known: readonly string[]): string {
  const plain = file.split(/[\\/]/).pop() ?? file
  const same = known.find((k) => k === plain || k.endsWith(`/${plain}`))
  return same ?? `rules/${plain}`
}

export const isFileName = (name: string) => /^((rules|maps)\/)?[\w.-]+\.ya?ml$/.test(name)

// The lines of one entry of a list: from the line it begins at to the next entry, or the end. Lines from 1.
export function entryAt(text: string, line: number): { first: number; last: number; text: string } {
  const lines = text.split('\n')
  const indent = /^\s*-/.exec(lines[line - 1] ?? '')?.[0].length ?? 0
  let end = line
  while (end < lines.length) {
    const next = lines[end]!
    const depth = /^(\s*)\S/.exec(next)?.[1]?.length
    if (depth !== undefined && depth < indent) break
    end++
  }
  while (end > line && /^\s*(#.*)?$/.test(lines[end - 1]!)) end--
  const shown = lines.slice(line - 1, end)
  return { first: line, last: end, text: shown.map((l) => l.slice(Math.max(0, indent - 1))).join('\n') }
}
