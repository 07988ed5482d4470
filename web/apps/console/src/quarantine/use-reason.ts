// A code of the catalogue in the words of the page: what is wrong, and what to do about it. The catalogue's messages say the one
// in their first sentence and the other in the rest.
import { useTexts } from '@shoumen/i18n'
import { useCommunity } from '../stores/community'

export function twoParts(message: string): { what: string; mend: string } {
  const end = /[。！？]|[.!?](?=\s|$)/u.exec(message)
  if (!end) return { what: message, mend: '' }
  return { what: message.slice(0, end.index), mend: message.slice(end.index + 1).trim() }
}

export function useReason() {
  const { nameOf, t, te } = useTexts()
  const community = useCommunity()
  void community.loadCatalogue()
  const parts = (code: string) => {
    const entry = community.catalogue?.[code]
    return entry ? twoParts(nameOf(entry)) : { what: code, mend: '' }
  }
  return {
    reasonOf: (code: string) => parts(code).what,
    mendOf: (code: string) => (te(`mend.${code}`) ? t(`mend.${code}`) : parts(code).mend || t('quarantine.general')),
  }
}
