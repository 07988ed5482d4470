// Which will let us down? Those heard longest ago come first; never heard before all. Pure.
import type { Device } from '@shoumen/client'

export const silentAfter = 24 * 3600 * 1000

export function heardAt(device: Device): number {
  return device.last_heard ? Date.parse(device.last_heard) : -Infinity
}

export function isSilent(device: Device, now: number): boolean {
  return now - heardAt(device) > silentAfter
}

export type DeviceState = 'heard' | 'silent' | 'never' | 'clock_wrong'

export function stateOf(device: Device, now: number): DeviceState {
  if (!device.last_heard) return 'never'
  if (isSilent(device, now)) return 'silent'
  return device.clock_wrong ? 'clock_wrong' : 'heard'
}

export function longestSilentFirst(devices: readonly Device[]): Device[] {
  const key = (d: Device) => heardAt(d)
  return [...devices].sort((a, b) => (key(a) === key(b) ? (a.code < b.code ? -1 : 1) : key(a) < key(b) ? -1 : 1))
}

// What can be looked for in each, made once for a list: typing then only looks.
export function hayOf(devices: readonly Device[], wordOfKind: (kind: string) => string, wayTo: (place: Device['place']) => string): string[] {
  return devices.map((d) => {
    const kind = d.kind ? `${d.kind} ${wordOfKind(d.kind)}` : ''
    return `${d.code} ${d.name.zh} ${d.name.en} ${d.place.code} ${d.place.name.zh} ${d.place.name.en} ${wayTo(d.place)} ${d.gateway ?? ''} ${kind}`.toLowerCase()
  })
}

export function find(devices: readonly Device[], hay: readonly string[], text: string): Device[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return [...devices]
  return devices.filter((_, i) => words.every((w) => hay[i]!.includes(w)))
}
