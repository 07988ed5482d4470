import type { Account } from '@shoumen/client'
import { describe, expect, it } from 'vitest'
import { findAccounts, grantState, inDays } from './find'

const account = (name: string, roles: Account['roles']): Account => ({
  name, person: `p-${name}`, roles, bodies: [], disabled: false, must_change: false, second_factor: false, grants: [], sessions: 0,
})

describe('accounts', () => {
  const all = [account('li', ['verifier']), account('wang', ['duty_officer', 'auditor'])]
  const names = (text: string) => findAccounts(all, text, (role) => role.replace('_', ' ')).map((a) => a.name)

  it('are found by name, person and role', () => {
    expect(names('')).toEqual(['li', 'wang'])
    expect(names('P-LI')).toEqual(['li'])
    expect(names('officer wang')).toEqual(['wang'])
    expect(names('officer li')).toEqual([])
  })

  it('hold a role until it ends or expires', () => {
    const now = Date.parse('2026-03-03T00:00:00Z')
    expect(grantState({}, now)).toBe('holds')
    expect(grantState({ until: '2026-03-04T00:00:00Z' }, now)).toBe('holds')
    expect(grantState({ until: '2026-03-03T00:00:00Z' }, now)).toBe('past')
    expect(grantState({ until: '2026-03-04T00:00:00Z', ended: '2026-03-02T00:00:00Z' }, now)).toBe('ended')
    expect(inDays(2, now)).toBe('2026-03-05T00:00:00Z')
  })
})
