// Single keys. They are silent while somebody types, while a dialog is open (unless it says so), and with Ctrl, Alt or Meta.
import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'

export type KeyMap = Record<string, (event: KeyboardEvent) => void>

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function dialogIsOpen(): boolean {
  return [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].some((d) => d.getClientRects().length > 0)
}

export function handleKey(map: KeyMap, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const action = map[event.key]
  if (!action || isTyping(event.target) || dialogIsOpen()) return
  event.preventDefault()
  action(event)
}

// The map may be read anew for each key, so that it can follow what is allowed now.
export function useKeys(map: () => KeyMap): void {
  const listen = (event: KeyboardEvent) => handleKey(map(), event)
  const on = () => document.addEventListener('keydown', listen)
  const off = () => document.removeEventListener('keydown', listen)
  onMounted(on)
  onActivated(on) // adding the same listener twice changes nothing
  onDeactivated(off)
  onBeforeUnmount(off)
}
