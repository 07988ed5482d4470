// How a place is called. Many have no name of their own, only a code that carries their number: gh-2-u1-f3 is a floor 3, gh-2-301 a
// home 301. A code without a number in its last part is shown as it is.
import { useTexts, type Names } from '@shoumen/i18n'

export interface NamedPlace {
  code: string
  name: Names
  level?: string
}

// The number in the last part of a code, where that part is a number with at most two letters before it.
export function numberIn(code: string): string | undefined {
  return /^(?:[a-z]{1,2})?(\d+[a-z]?)$/i.exec(code.split('-').at(-1) ?? '')?.[1]
}

export function usePlaceText() {
  const { t, te, nameOf } = useTexts()
  function placeName(place: NamedPlace): string {
    const name = nameOf(place.name)
    const number = name === place.code && name.includes('-') ? numberIn(place.code) : undefined
    if (number === undefined) return name
    const key = `words.place_number.${place.level}`
    return t(te(key) ? key : 'words.place_number.other', { n: number })
  }
  const pathText = (path: readonly NamedPlace[], between = ' ') => path.map(placeName).join(between)
  return { placeName, pathText }
}
