// What the browser keeps while somebody is at the city's single sign-on. Of this tab alone, and taken once.
const key = 'shoumen.sign-on'

export interface Begun {
  binding: string
  to: string // where they wanted to go
}

export function keepBegun(begun: Begun): void {
  sessionStorage.setItem(key, JSON.stringify(begun))
}

export function takeBegun(): Begun | undefined {
  const text = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  try {
    const { binding, to } = JSON.parse(text ?? '') as Partial<Begun>
    if (typeof binding !== 'string' || typeof to !== 'string') return undefined
    return { binding, to: /^\/(?![/\\])/.test(to) ? to : '/incidents' } // only an address of these pages
  } catch {
    return undefined
  }
}
