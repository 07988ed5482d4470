// One photograph on its way: checked here first, so that nobody waits for a refusal that is certain; kept after a refusal, so
// that it can be sent again.
import { asApiError, type EvidencePhase, type IncidentDetail } from '@shoumen/client'
import { useTexts } from '@shoumen/i18n'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '../api'
import { useErrorText } from '../errors'

export const photoTypes = ['image/jpeg', 'image/png', 'image/webp']
export const largestPhoto = 20 * 1024 * 1024

export type PhotoFault = 'wrong_type' | 'too_large' | 'empty'

export function faultOf(file: { type: string; size: number }): PhotoFault | undefined {
  if (!photoTypes.includes(file.type)) return 'wrong_type'
  if (file.size === 0) return 'empty'
  return file.size > largestPhoto ? 'too_large' : undefined
}

export function useUpload(incident: () => string, phase: EvidencePhase, taken: (detail: IncidentDetail) => void) {
  const { t } = useTexts()
  const errorText = useErrorText()
  const file = shallowRef<File>()
  const preview = ref('')
  const part = ref(0)
  const sending = ref(false)
  const problem = ref('')
  let stop: AbortController | undefined

  function setFile(fresh: File | undefined): void {
    if (preview.value) URL.revokeObjectURL(preview.value)
    file.value = fresh
    preview.value = fresh && photoTypes.includes(fresh.type) ? URL.createObjectURL(fresh) : ''
    problem.value = ''
  }

  async function choose(fresh: File): Promise<void> {
    setFile(fresh)
    const fault = faultOf(fresh)
    if (fault) problem.value = t(`photo.${fault}`)
    else await send()
  }

  async function send(): Promise<void> {
    if (!file.value || sending.value) return
    sending.value = true
    problem.value = ''
    part.value = 0
    stop = new AbortController()
    try {
      taken(await api.upload({
        incident: incident(), phase, file: file.value, signal: stop.signal, onProgress: (p) => { part.value = p },
      }))
      setFile(undefined)
    } catch (e) {
      const error = asApiError(e)
      if (error.code !== 'aborted') problem.value = errorText(error)
    } finally {
      sending.value = false
    }
  }

  function drop(): void {
    stop?.abort()
    setFile(undefined)
  }

  onScopeDispose(drop)
  return { file, preview, part, sending, problem, choose, send, drop }
}
