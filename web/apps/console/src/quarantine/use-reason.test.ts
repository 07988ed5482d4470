import { describe, expect, it } from 'vitest'
import catalogue from '../../../../../api/errors.json'
import { twoParts } from './use-reason'

describe('a message of the catalogue', () => {
  it('falls apart into what is wrong and what to do', () => {
    expect(twoParts('同一个键出现了两次。请只保留一个。')).toEqual({ what: '同一个键出现了两次', mend: '请只保留一个。' })
    expect(twoParts('A value is 3.5 too large. Send less.')).toEqual({ what: 'A value is 3.5 too large', mend: 'Send less.' })
    expect(twoParts('No stop')).toEqual({ what: 'No stop', mend: '' })
  })
  it('always says both', () => {
    for (const entry of Object.values(catalogue)) {
      for (const message of [entry.zh, entry.en]) expect(twoParts(message).what.length).toBeGreaterThan(3)
    }
  })
})
