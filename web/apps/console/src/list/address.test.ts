import { describe, expect, it } from 'vitest'
import { queryOf, viewOf } from './address'

describe('the view in the address', () => {
  it('comes back as it went', () => {
    const view = { text: '光华里 301', severities: ['red' as const, 'blue' as const], states: ['open' as const], ended: false }
    expect(viewOf(queryOf(view) as Record<string, string>)).toEqual(view)
  })
  it('leaves the address bare when nothing is chosen', () => {
    expect(Object.values(queryOf(viewOf({}))).filter((v) => v !== undefined)).toEqual([])
  })
  it('takes nothing it does not know', () => {
    expect(viewOf({ severity: 'red,purple', state: 'open,closed,<script>', q: ['a', 'b'], ended: 'yes' }))
      .toEqual({ text: 'a', severities: ['red'], states: ['open'], ended: false })
    expect(viewOf({ state: 'open,closed', ended: '1' }).states).toEqual(['closed'])
  })
})
