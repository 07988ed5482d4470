import { expect, test } from 'vitest'
import { mapOf, planOf, type PlanPlace } from './plan'
import { treeOf } from './places'

const place = (code: string, level: string, parent?: string, at?: number[]): PlanPlace => ({ code, level, name: { zh: code, en: code }, ...(parent ? { parent } : {}), ...(at ? { at } : {}) })

test('north is above, east is right, and lengths are true in both directions', () => {
  const plan = mapOf([place('s', 'estate', 'c', [39.9, 116.3]), place('n', 'estate', 'c', [39.91, 116.3]), place('e', 'estate', 'c', [39.9, 116.31]), place('x', 'estate')], 0.6, 0.01)
  const at = (code: string) => plan.marks.find((m) => m.place.code === code)!
  expect(at('n').y).toBeLessThan(at('s').y)
  expect(at('e').x).toBeGreaterThan(at('s').x)
  const north = (at('s').y - at('n').y) * 0.6 * plan.wide_m
  const east = (at('e').x - at('s').x) * plan.wide_m
  expect(north).toBeCloseTo(1_113.2, 0)
  expect(east).toBeCloseTo(1_113.2 * Math.cos((39.9 * Math.PI) / 180), -1)
  expect(plan.other.map((p) => p.code)).toEqual(['x'])
  for (const m of plan.marks) expect(m.x > 0 && m.x < 1 && m.y > 0 && m.y < 1).toBe(true)
})

test('marks that would lie on each other are moved apart', () => {
  const plan = mapOf([place('a', 'building', 'e', [39.9, 116.3]), place('b', 'building', 'e', [39.9, 116.3]), place('c', 'building', 'e', [39.92, 116.3])], 0.6, 0.1)
  const [a, b] = plan.marks
  expect(Math.hypot(a!.x - b!.x, (a!.y - b!.y) * 0.6)).toBeGreaterThan(0.099)
})

test('a building is seen from outside, the highest floor first; the rest is tiles', () => {
  const tree = treeOf([
    place('e', 'estate'), place('b', 'building', 'e'), place('u1', 'unit', 'b'), place('u2', 'unit', 'b'), place('roof', 'point', 'b'),
    place('f1', 'floor', 'u1'), place('f2', 'floor', 'u1'), place('101', 'home', 'f1'), place('102', 'home', 'f1'), place('201', 'home', 'f2'),
  ])
  const house = planOf(tree, 'b', 0.6, 0.1)
  if (house.kind !== 'house') throw new Error(house.kind)
  expect(house.columns.map((c) => c.unit?.code)).toEqual(['u1', 'u2'])
  expect(house.columns[0]!.floors.map((f) => f.floor.code)).toEqual(['f2', 'f1'])
  expect(house.columns[0]!.floors[1]!.homes.map((h) => h.code)).toEqual(['101', '102'])
  expect(house.other.map((p) => p.code)).toEqual(['roof'])
  expect(planOf(tree, 'e', 0.6, 0.1).kind).toBe('tiles')
})
