import { describe, expect, it } from 'vitest'
import { findPlaces, firstFork, pathOf, treeOf } from './places'

const place = (code: string, zh: string, level: string, parent?: string) => ({ code, name: { zh, en: code.toUpperCase() }, level, parent })
const tree = treeOf([
  place('d', '西城区', 'district'), place('s', '光华街道', 'street', 'd'), place('c', '光华社区', 'community', 's'),
  place('e1', '光华里', 'estate', 'c'), place('e2', '锦绣园', 'estate', 'c'),
  place('b1', '1号楼', 'building', 'e1'), place('b1-301', '301', 'home', 'b1'), place('b1-302', '302', 'home', 'b1'),
  place('b9', '1号楼', 'building', 'e2'), place('b9-301', '301', 'home', 'b9'),
])
const codes = (text: string, limit = 10) => findPlaces(tree, text, limit).found.map((p) => p.code)

describe('places', () => {
  it('know their way from the top', () => {
    expect(pathOf(tree, 'b1-301').map((p) => p.code)).toEqual(['d', 's', 'c', 'e1', 'b1', 'b1-301'])
    expect(pathOf(tree, 'nowhere')).toEqual([])
  })
  it('are found by their own name, and by what they lie in', () => {
    expect(codes('301')).toEqual(['b1-301', 'b9-301'])
    expect(codes('光华里 301')).toEqual(['b1-301'])
    expect(codes('锦绣园 1号楼')).toEqual(['b9'])
    expect(codes('B1-302')).toEqual(['b1-302'])
    expect(codes('光华里 999')).toEqual([])
    expect(codes('   ')).toEqual([])
  })
  it('say how many more there are', () => {
    expect(findPlaces(tree, '30', 1)).toMatchObject({ found: [{ code: 'b1-301' }], more: 2 })
  })
  it('are browsed from the first place that offers a choice', () => {
    expect(firstFork(tree)).toBe('c')
    expect(firstFork(treeOf([]))).toBe('')
    expect(firstFork(treeOf([place('d', '西城区', 'district')]))).toBe('')
  })
  it('whose parent is unknown stand at the top', () => {
    expect(treeOf([place('x', '孤点', 'point', 'gone')]).children.get('')?.map((p) => p.code)).toEqual(['x'])
  })
})
