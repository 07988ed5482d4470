import type { Action, ActionState } from '@shoumen/client'
import { describe, expect, it } from 'vitest'
import { actionTable, offerOf } from './actions'

const yes = (...actions: Action[]): ActionState[] => actions.map((action) => ({ action, allowed: true }))
const no = (action: Action, code: string): ActionState => ({ action, allowed: false, reason: { code, zh: code, en: code } })
const names = (list: { action: Action }[]) => list.map((o) => o.action)

describe('the offer', () => {
  it('puts the step forward first', () => {
    expect(offerOf(yes('transfer', 'add_note', 'acknowledge')).first?.action).toBe('acknowledge')
    expect(offerOf(yes('arrive', 'depart')).first?.action).toBe('depart')
    expect(offerOf(yes('reject', 'verify')).first?.action).toBe('verify')
  })
  it('has no first where nothing leads forward', () => {
    const offer = offerOf(yes('add_note', 'reopen'))
    expect(offer.first).toBeUndefined()
    expect(names(offer.also)).toEqual(['add_note', 'reopen'])
  })
  it('offers the photograph where that is all that is missing, and shows what it opens', () => {
    const offer = offerOf([...yes('add_evidence', 'add_note'), no('resolve', 'needs-after-evidence')])
    expect(offer.first?.action).toBe('add_evidence')
    expect(names(offer.blocked)).toEqual(['resolve'])
  })
  it('folds away the rest, with the reason', () => {
    const offer = offerOf([no('acknowledge', 'wrong-state'), no('resolve', 'needs-after-evidence'), no('verify', 'not-a-verifier')])
    expect(names(offer.blocked)).toEqual(['resolve'])
    expect(offer.others.map((o) => o.reason?.code)).toEqual(['wrong-state', 'not-a-verifier'])
  })
  it('offers nothing that the server has not named, and never what the page does by itself', () => {
    const offer = offerOf(yes('seen', 'report'))
    expect([offer.first, ...offer.also, ...offer.blocked, ...offer.others].filter(Boolean)).toEqual([])
  })
})

describe('keys', () => {
  it('are one each, and none that the shell has taken', () => {
    const keys = actionTable.map((a) => a.key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.filter((k) => ['?', 'l', 'c', 'w', 'j', 'k', '/'].includes(k))).toEqual([])
  })
})
