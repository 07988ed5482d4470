// A text as a QR code, drawn here: nothing is asked of anybody else.
import { encode } from 'uqr'

// One path of unit squares, with the quiet edge of four that readers need.
export function qrPath(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return { size, path }
}

// As it is read out: four letters at a time.
export const groups = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? ''
