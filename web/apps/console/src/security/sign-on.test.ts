import { beforeEach, describe, expect, it } from 'vitest'
import { keepBegun, takeBegun } from './sign-on'

describe('what is kept during single sign-on', () => {
  beforeEach(() => sessionStorage.clear())

  it('is taken once', () => {
    keepBegun({ binding: 'b', to: '/devices' })
    expect(takeBegun()).toEqual({ binding: 'b', to: '/devices' })
    expect(takeBegun()).toBeUndefined()
  })

  it('leads nowhere else', () => {
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      keepBegun({ binding: 'b', to })
      expect(takeBegun()?.to).toBe('/incidents')
    }
    sessionStorage.setItem('shoumen.sign-on', '{"binding":7}')
    expect(takeBegun()).toBeUndefined()
  })
})
