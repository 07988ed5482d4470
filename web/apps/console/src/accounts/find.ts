// Accounts as one types: by name, person or role.
import type { Account, Role } from '@shoumen/client'

export function findAccounts(accounts: readonly Account[], text: string, roleName: (role: Role) => string): Account[] {
  const words = text.toLowerCase().split(/\s+/).filter((w) => w !== '')
  return accounts.filter((account) => {
    const hay = [account.name, account.person, ...account.roles.map(roleName)].join(' ').toLowerCase()
    return words.every((w) => hay.includes(w))
  })
}

export type GrantState = 'holds' | 'ended' | 'past'

export function grantState(grant: { until?: string; ended?: string }, now: number): GrantState {
  if (grant.ended && Date.parse(grant.ended) <= now) return 'ended'
  return grant.until && Date.parse(grant.until) <= now ? 'past' : 'holds'
}

// An end so many days from now, in the form the API takes.
export const inDays = (days: number, now: number) => new Date(now + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z')
