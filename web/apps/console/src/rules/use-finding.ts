// A fault of the files in the words of the page: what its code means, and the word it is about.
import type { Finding } from '@shoumen/client'
import { useTexts } from '@shoumen/i18n'

export function useFinding() {
  const { t, te, chinese } = useTexts()
  // The server's sentence is English; in Chinese the meaning of its code, with the words the sentence quotes.
  function textOf(f: Finding): { text: string; words: string[]; meant?: string } {
    const key = `words.finding.${f.code}`
    if (!chinese.value) return { text: te(key) ? `${t(key)}: ${f.message}` : f.message, words: [] }
    const meant = /did you mean '([^']+)'/.exec(f.message)?.[1]
    const words = [...f.message.matchAll(/'([^']+)'/g)].map((m) => m[1]!).filter((w) => w !== meant).slice(0, 2)
    return { text: te(key) ? t(key) : t('rules.finding_other'), words, meant }
  }
  return { textOf }
}
