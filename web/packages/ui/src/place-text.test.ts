import { createTexts, type Locale } from '@shoumen/i18n'
import { createApp } from 'vue'
import { describe, expect, it } from 'vitest'
import { numberIn, usePlaceText, type NamedPlace } from './place-text'

function named(locale: Locale, place: NamedPlace): string {
  let text = ''
  const app = createApp({ setup: () => { text = usePlaceText().placeName(place) }, render: () => null })
  app.use(createTexts(locale)).mount(document.createElement('div'))
  app.unmount()
  return text
}
const bare = (code: string, level: string) => ({ code, level, name: { zh: code, en: code } })

describe('the name of a place', () => {
  it('is its own where it has one', () => {
    expect(named('zh-CN', { code: 'gh-2', level: 'building', name: { zh: '二号楼', en: 'Building two' } })).toBe('二号楼')
  })
  it('is made of the number in its code where it has none', () => {
    expect(named('zh-CN', bare('gh-2-u1-f3', 'floor'))).toBe('3层')
    expect(named('en', bare('gh-2-u1-f3', 'floor'))).toBe('Floor 3')
    expect(named('zh-CN', bare('gh-2-301', 'home'))).toBe('301')
    expect(named('en', bare('gh-12', 'building'))).toBe('Building 12')
  })
  it('is the code where that holds no number of its own', () => {
    expect(named('zh-CN', bare('gh-charging', 'point'))).toBe('gh-charging')
    expect(named('zh-CN', bare('301', 'home'))).toBe('301')
  })
  it.each([['gh-2-301', '301'], ['a-f12', '12'], ['a-b1c', '1c'], ['a-gate', undefined], ['a-pump12', undefined], ['', undefined]])(
    'the number in %j is %j', (code, number) => expect(numberIn(code)).toBe(number))
})
