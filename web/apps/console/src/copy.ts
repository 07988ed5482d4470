// A text onto the clipboard. A browser may refuse it: then what is left to do is returned, else nothing.
import { useTexts } from '@shoumen/i18n'
import { ElMessage } from 'element-plus'

export function useCopy(): (text: string) => Promise<string> {
  const { t } = useTexts()
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      return t('common.copy_failed')
    }
    ElMessage({ message: t('common.copied'), type: 'success' })
    return ''
  }
}
