import { afterEach, describe, expect, it, vi } from 'vitest'
import { handleKey } from './keys'

function press(key: string, from: HTMLElement = document.body, more: KeyboardEventInit = {}) {
  const done = vi.fn()
  const listen = (e: KeyboardEvent) => handleKey({ [key]: done }, e)
  document.addEventListener('keydown', listen)
  from.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
  document.removeEventListener('keydown', listen)
  return done
}

afterEach(() => { document.body.innerHTML = '' })

describe('single keys', () => {
  it('act', () => expect(press('a')).toHaveBeenCalledOnce())
  it('are silent while somebody types', () => {
    document.body.innerHTML = '<textarea></textarea><input><p contenteditable="true"></p>'
    for (const field of document.querySelectorAll<HTMLElement>('textarea, input')) expect(press('a', field)).not.toHaveBeenCalled()
  })
  it('leave the browser its own', () => {
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) expect(press('a', document.body, { [modifier]: true })).not.toHaveBeenCalled()
    expect(press('a', document.body, { isComposing: true })).not.toHaveBeenCalled()
  })
  it('are silent behind an open dialog', () => {
    document.body.innerHTML = '<div role="dialog" aria-modal="true"></div>'
    const dialog = document.querySelector<HTMLElement>('[role=dialog]')!
    dialog.getClientRects = () => [{}] as unknown as DOMRectList
    expect(press('a')).not.toHaveBeenCalled()
    dialog.getClientRects = () => [] as unknown as DOMRectList
    expect(press('a')).toHaveBeenCalledOnce()
  })
})
