import { describe, expect, it } from 'vitest'
import { faultOf, largestPhoto } from './use-upload'

describe('a photograph is refused here already', () => {
  it.each([
    [{ type: 'image/heic', size: 5 }, 'wrong_type'], [{ type: '', size: 5 }, 'wrong_type'], [{ type: 'image/jpeg', size: 0 }, 'empty'],
    [{ type: 'image/png', size: largestPhoto + 1 }, 'too_large'], [{ type: 'image/webp', size: largestPhoto }, undefined],
  ])('%j: %s', (file, fault) => expect(faultOf(file)).toBe(fault))
})
