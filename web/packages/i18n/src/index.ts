// The words of the pages in both languages, and what a component needs to speak them.
import { computed } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import pagesEn from './messages/pages.en'
import pagesZh from './messages/pages.zh-CN'
import proofEn from './messages/proof.en'
import proofZh from './messages/proof.zh-CN'
import wordsEn from './messages/words.en'
import wordsZh from './messages/words.zh-CN'

export const messages = {
  'zh-CN': { ...pagesZh, ...proofZh, words: wordsZh },
  en: { ...pagesEn, ...proofEn, words: wordsEn },
}
export { I18nT } from 'vue-i18n'
export type Locale = keyof typeof messages
export const locales: readonly Locale[] = ['zh-CN', 'en']

// A name given in both languages, as the API gives them.
export interface Names {
  zh: string
  en: string
}

export function localeOf(language: string | null | undefined): Locale | undefined {
  if (!language) return undefined
  if (language.toLowerCase().startsWith('zh')) return 'zh-CN'
  return language.toLowerCase().startsWith('en') ? 'en' : undefined
}

export function createTexts(locale: Locale) {
  return createI18n({ legacy: false, locale, fallbackLocale: 'zh-CN', messages, fallbackWarn: false, missingWarn: true })
}

export function useTexts() {
  const { t, te, locale } = useI18n({ useScope: 'global' })
  const chinese = computed(() => locale.value === 'zh-CN')
  const nameOf = (names: Names) => (chinese.value ? names.zh : names.en)
  // A code word of a closed list; one this page does not know yet is shown as it is.
  const word = (list: string, code: string) => {
    const key = `words.${list}.${code}`
    return te(key) ? t(key) : code
  }
  const joined = (parts: readonly string[]) => parts.join(t('common.comma'))
  return { t, te, locale, chinese, nameOf, word, joined }
}
