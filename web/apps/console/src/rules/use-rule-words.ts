// A rule in words. Its conditions stand in its file; here is what it waits for, where it counts, and what comes of it.
import type { RuleEntry } from '@shoumen/client'
import { useTexts } from '@shoumen/i18n'
import { useTimeText } from '@shoumen/ui'

const clock = (minute: number) => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export function useRuleWords() {
  const { t, word, joined, nameOf } = useTexts()
  const { span } = useTimeText()

  const signalsOf = (r: RuleEntry) => joined(r.signals.map((s) => word('signal', s)))

  function whenOf(r: RuleEntry): string {
    const values = { within: span(r.within_s ?? 0), hold: span(r.hold_s ?? 0), n: r.at_least ?? r.events ?? 1, events: r.events ?? 1 }
    if (r.operator === 'threshold') return r.hold_s ? t('rules.says.threshold_hold', values) : t('rules.says.threshold', values)
    if (r.operator === 'absence') return r.link_s ? t('rules.says.absence_link', values) : t('rules.says.absence', values)
    return t(`rules.says.${r.operator}`, values)
  }

  function hoursOf(r: RuleEntry): string {
    if (!r.during) return t('rules.says.always')
    const { from_minute: from, to_minute: to, weekdays, day_classes: classes } = r.during
    const hours = from === to % 1440 ? t('rules.says.all_day') : t('rules.says.hours', { from: clock(from), to: to === 1440 ? '24:00' : clock(to) })
    if ((weekdays & 0x7f) === 0x7f) return hours
    const days = t('rules.says.weekdays').split(',').filter((_, i) => weekdays & (1 << i))
    return t('rules.says.on_days', { hours, days: joined([...days, ...classes.map((c) => word('day_class', c))]) })
  }

  function makesOf(r: RuleEntry): string {
    const makes = t('rules.says.makes', { kind: nameOf(r.kind_name), severity: word('severity', r.severity).toLowerCase(), level: word('place_level', r.join).toLowerCase() })
    return r.parted_by ? t('rules.says.also', { one: makes, other: t('rules.says.parted') }) : makes
  }

  const facts = (r: RuleEntry) => [
    { name: t('rules.watches'), text: signalsOf(r) },
    { name: t('rules.when'), text: whenOf(r) },
    { name: t('rules.key'), text: t('rules.each', { level: word('rule_key', r.key) }) },
    { name: t('rules.hours'), text: hoursOf(r) },
    ...(r.cooldown_s ? [{ name: t('rules.cooldown'), text: t('rules.says.cooldown', { span: span(r.cooldown_s) }) }] : []),
    { name: t('rules.makes'), text: makesOf(r) },
  ]
  return { facts, signalsOf }
}
