import { describe, expect, it } from 'vitest'
import { applied, changesOf, entryAt, isFileName, nameFor, rebased } from './merge'

const base = { 'a.yaml': '1', 'b.yaml': '1', 'rules/c.yaml': '1' }

describe('edits', () => {
  it('are put over the files of a version', () => {
    expect(applied(base, { 'a.yaml': '2', 'b.yaml': null, 'd.yaml': 'n' })).toEqual({ 'a.yaml': '2', 'rules/c.yaml': '1', 'd.yaml': 'n' })
    expect(changesOf(base, { 'a.yaml': '2', 'b.yaml': null, 'd.yaml': 'n', 'rules/c.yaml': '1', 'e.yaml': null }))
      .toEqual({ 'a.yaml': 'changed', 'b.yaml': 'removed', 'd.yaml': 'added' })
  })
  it('go over to another version; what both changed is a conflict', () => {
    const theirs = { 'a.yaml': '9', 'b.yaml': '1', 'rules/c.yaml': '2', 'new.yaml': 'x' }
    expect(rebased(base, theirs, { 'a.yaml': '2', 'b.yaml': '2', 'rules/c.yaml': '2', 'new.yaml': 'y' }))
      .toEqual({ edits: { 'a.yaml': '2', 'b.yaml': '2', 'new.yaml': 'y' }, conflicts: ['a.yaml', 'new.yaml'] })
    expect(rebased(base, { 'b.yaml': '1' }, { 'a.yaml': null })).toEqual({ edits: {}, conflicts: [] })
  })
})

describe('a picked file', () => {
  it('takes the place of the one with its name, else is a rule file', () => {
    expect(nameFor('matrix.yaml', Object.keys(base).concat('matrix.yaml'))).toBe('matrix.yaml')
    expect(nameFor('c.yaml', Object.keys(base))).toBe('rules/c.yaml')
    expect(nameFor('new.yaml', Object.keys(base))).toBe('rules/new.yaml')
    expect([isFileName('rules/a-1.yaml'), isFileName('../a.yaml'), isFileName('a.txt'), isFileName('x/a.yaml')]).toEqual([true, false, false, false])
  })
})

describe('an entry of a list', () => {
  const text = 'rules:\n  - id: a\n    kind: smoke\n\n  # the next\n  - id: b\n    where:\n      - x\n    kind: gas\n'
  it('ends where the next begins', () => {
    expect(entryAt(text, 2)).toEqual({ first: 2, last: 3, text: '- id: a\n  kind: smoke' })
    expect(entryAt(text, 6)).toEqual({ first: 6, last: 9, text: '- id: b\n  where:\n    - x\n  kind: gas' })
  })
})
