import { beforeEach, describe, expect, it, vi } from 'vitest'
import { clearDrafts, dropDraft, keepDraft, readDraft } from './drafts'

beforeEach(() => sessionStorage.clear())

describe('drafts', () => {
  it('come back', () => {
    keepDraft('report', { text: '三楼有烟' })
    expect(readDraft('report')).toEqual({ text: '三楼有烟' })
    dropDraft('report')
    expect(readDraft('report')).toBeUndefined()
  })
  it('are gone after signing out, and nothing else is', () => {
    keepDraft('report', 'x')
    keepDraft('note.7', 'y')
    sessionStorage.setItem('other', 'z')
    clearDrafts()
    expect(Object.keys(sessionStorage)).toEqual(['other'])
  })
  it('that are damaged are as if there were none', () => {
    sessionStorage.setItem('shoumen.draft.report', '{broken')
    expect(readDraft('report')).toBeUndefined()
  })
  it('fail silently in a browser that keeps nothing', () => {
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new Error('full') })
    expect(() => keepDraft('report', 'x')).not.toThrow()
    full.mockRestore()
  })
})
