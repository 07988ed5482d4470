// Where places lie, for pointing at one: on a map where coordinates are known, else as a building is seen from outside.
import type { PlaceNode, PlaceTree } from './places'

export interface PlanPlace extends PlaceNode {
  at?: readonly number[] // latitude, longitude
}

export interface Mark {
  place: PlanPlace
  x: number // 0 … 1, west to east
  y: number // 0 … 1, north to south
}

export interface MapPlan {
  kind: 'map'
  marks: Mark[]
  wide_m: number // what the whole width measures
  other: PlanPlace[] // nobody has said where they lie
}
export interface HousePlan {
  kind: 'house'
  columns: { unit?: PlanPlace; floors: { floor: PlanPlace; homes: PlanPlace[] }[] }[] // the highest floor first
  other: PlanPlace[]
}
export interface TilePlan {
  kind: 'tiles'
  other: PlanPlace[]
}

const metres_a_degree = 111_320
const margin = 0.12

// `ratio`: height over width. North is above, lengths are true in both directions; marks that would lie on each other
// are moved apart by `apart` (share of the width).
export function mapOf(places: readonly PlanPlace[], ratio: number, apart: number): MapPlan {
  const known = places.filter((p) => p.at?.length === 2)
  const other = places.filter((p) => p.at?.length !== 2)
  const middle = known.reduce((sum, p) => sum + p.at![0]!, 0) / Math.max(1, known.length)
  const shrink = Math.cos((middle * Math.PI) / 180)
  const points = known.map((place) => ({ place, east: place.at![1]! * shrink * metres_a_degree, north: place.at![0]! * metres_a_degree }))
  const span = (of: (p: (typeof points)[number]) => number) => {
    const all = points.map(of)
    return { from: Math.min(...all), to: Math.max(...all) }
  }
  const east = span((p) => p.east)
  const north = span((p) => p.north)
  const room = 1 - 2 * margin
  const wide = Math.max(east.to - east.from, (north.to - north.from) / ratio, 1) / room
  const marks = points.map(({ place, east: e, north: n }) => ({
    place,
    x: 0.5 + (e - (east.from + east.to) / 2) / wide,
    y: 0.5 - (n - (north.from + north.to) / 2) / (wide * ratio),
  }))
  return { kind: 'map', marks: moveApart(marks, ratio, apart), wide_m: wide, other }
}

function moveApart(marks: Mark[], ratio: number, apart: number): Mark[] {
  for (let round = 0; round < 60; round++) {
    let moved = false
    for (let i = 0; i < marks.length; i++) {
      for (let j = i + 1; j < marks.length; j++) {
        const a = marks[i]!
        const b = marks[j]!
        let dx = b.x - a.x
        let dy = (b.y - a.y) * ratio
        const far = Math.hypot(dx, dy)
        if (far >= apart * 0.999) continue
        if (far < 1e-9) [dx, dy] = [1, 0] // in the very same place: side by side
        const push = (apart - far) / 2 / Math.max(far, 1e-9 + (far < 1e-9 ? 1 : 0))
        a.x -= dx * push
        b.x += dx * push
        a.y -= (dy * push) / ratio
        b.y += (dy * push) / ratio
        moved = true
      }
    }
    if (!moved) break
  }
  const within = (v: number) => Math.min(1 - margin / 2, Math.max(margin / 2, v))
  return marks.map((m) => ({ ...m, x: within(m.x), y: within(m.y) }))
}

export function planOf(tree: PlaceTree, here: string, ratio: number, apart: number): MapPlan | HousePlan | TilePlan {
  const below = (code: string): readonly PlanPlace[] => tree.children.get(code) ?? []
  const children = below(here)
  const level = tree.byCode.get(here)?.level
  const floorsOf = (of: readonly PlanPlace[]) => of.filter((p) => p.level === 'floor').toReversed().map((floor) => ({ floor, homes: [...below(floor.code)] }))
  if (level === 'building' || level === 'unit') {
    const units = children.filter((p) => p.level === 'unit')
    const columns: HousePlan['columns'] = units.map((unit) => ({ unit, floors: floorsOf(below(unit.code)) }))
    const own = floorsOf(children)
    if (own.length) columns.unshift({ floors: own })
    if (columns.some((c) => c.floors.length)) return { kind: 'house', columns, other: children.filter((p) => p.level !== 'unit' && p.level !== 'floor') }
  }
  if (children.filter((p) => p.at?.length === 2).length > 1) return mapOf(children, ratio, apart)
  return { kind: 'tiles', other: [...children] }
}
