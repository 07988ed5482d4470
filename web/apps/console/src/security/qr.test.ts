import { describe, expect, it } from 'vitest'
import { groups, qrPath } from './qr'

describe('a QR code', () => {
  it('is as wide as it says, edge included, and has its three corners', () => {
    const { size, path } = qrPath('otpauth://totp/a:b?secret=ABCDEFGH')
    expect((size - 8 - 17) % 4).toBe(0)
    for (const [x, y] of [[4, 4], [size - 11, 4], [4, size - 11]]) expect(path).toContain(`M${x} ${y}h1v1h-1z`)
    expect(path).not.toContain(`M${size - 5} ${size - 11}h1v1h-1zM${size - 5} ${size - 5}`)
    expect(path).not.toMatch(/M[0-3] |M\d+ [0-3]h/)
  })

  it('has its secret read four by four', () => expect(groups('ABCDEFGHIJ')).toBe('ABCD EFGH IJ'))
})
