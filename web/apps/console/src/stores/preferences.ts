// What this person likes on this machine: language and light. Kept in the browser.
import { localeOf, type Locale } from '@shoumen/i18n'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

type Theme = 'light' | 'dark'

function read(key: string): string | null {
  try {
    return localStorage.getItem(`shoumen.${key}`)
  } catch {
    return null // a browser that keeps nothing
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`shoumen.${key}`, value)
  } catch {
    // as above
  }
}

export const usePreferences = defineStore('preferences', () => {
  const locale = ref<Locale>(localeOf(read('language')) ?? 'zh-CN')
  const theme = ref<Theme>(read('theme') === 'dark' ? 'dark' : 'light')
  const wall = ref(false)
  const shownTheme = computed<Theme>(() => (wall.value ? 'dark' : theme.value))

  watch(locale, (value) => write('language', value))
  watch(theme, (value) => write('theme', value))

  function toggleTheme(): void {
    theme.value = theme.value === 'dark' ? 'light' : 'dark'
  }
  function toggleLocale(): void {
    locale.value = locale.value === 'en' ? 'zh-CN' : 'en'
  }
  // The language of the account counts until somebody has chosen one on this machine.
  function suggestLocale(language: string): void {
    const wanted = localeOf(language)
    if (wanted && read('language') === null) locale.value = wanted
  }
  return { locale, theme, wall, shownTheme, toggleTheme, toggleLocale, suggestLocale }
})
