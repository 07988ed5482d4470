// Time in words, in the language, zone and moment of the page.
import { useTexts } from '@shoumen/i18n'
import { useTimeSource } from './now'
import { agoText, dateText, instantText, spanText } from './time'

export function useTimeText() {
  const { t } = useTexts()
  const { now, zone } = useTimeSource()
  return {
    now,
    instant: (iso: string) => instantText(t, Date.parse(iso), now.value, zone.value),
    date: (iso: string) => dateText(t, Date.parse(iso), now.value, zone.value),
    dateOf: (ms: number) => dateText(t, ms, now.value, zone.value),
    since: (iso: string) => agoText(t, Date.parse(iso), now.value),
    span: (seconds: number) => spanText(t, seconds),
    // Seconds since then, never below 0.
    ago: (iso: string) => Math.max(0, (now.value - Date.parse(iso)) / 1000),
  }
}
