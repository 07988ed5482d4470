// An error of the API in the words of the page.
import { asApiError } from '@shoumen/client'
import { useTexts } from '@shoumen/i18n'
import { useTimeText } from '@shoumen/ui'

export function useErrorText() {
  const { t, nameOf } = useTexts()
  const { span } = useTimeText()
  return (e: unknown): string => {
    const error = asApiError(e)
    if (error.code === 'aborted') return t('errors.aborted')
    const main = error.names ? nameOf(error.names) : t(error.offline ? 'errors.unreachable' : 'errors.unknown')
    return error.retryAfter ? `${main} ${t('errors.wait', { span: span(error.retryAfter) })}` : main
  }
}
