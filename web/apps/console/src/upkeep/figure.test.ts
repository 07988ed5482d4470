import { describe, expect, it } from 'vitest'
import { figureText } from './figure'

const t = (key: string, values?: Record<string, unknown>) => `${key} ${values?.['n']}`
const span = (s: number) => `span ${s}`

describe('what a finding measured', () => {
  it.each([
    ['88811 s', 'span 88811'],
    ['1480 min', 'span 88800'],
    ['12 %', '12%'],
    ['340 /s', 'upkeep.a_second 340'],
    ['4 ×', 'upkeep.pushed_out 4'],
    ['', ''],
    ['of a later version', 'of a later version'],
  ])('%s', (detail, text) => expect(figureText(t, span, detail)).toBe(text))
})
