// Time in words. Pure: what the words are comes in as `t`, which zone as `zone`.

export type Translate = (key: string, values?: Record<string, unknown>) => string

interface Parts {
  year: number
  month: number
  day: number
  clock: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  return format
}

function partsOf(ms: number, zone: string): Parts {
  const found: Record<string, string> = {}
  for (const { type, value } of formatOf(zone).formatToParts(ms)) found[type] = value
  return {
    year: Number(found['year']), month: Number(found['month']), day: Number(found['day']),
    clock: `${found['hour']}:${found['minute']}`,
  }
}

// 11月23日 20:15; with the year where it is not this one.
export function dateText(t: Translate, ms: number, now: number, zone: string): string {
  const at = partsOf(ms, zone)
  const month = t('time.months').split(',')[at.month - 1]
  const values = { year: at.year, month, day: at.day, clock: at.clock }
  return t(at.year === partsOf(now, zone).year ? 'time.date' : 'time.date_year', values)
}

// 3 分钟前 within the hour, the date beyond.
export function instantText(t: Translate, ms: number, now: number, zone: string): string {
  const ago = (now - ms) / 1000
  if (ago >= -5 && ago < 60) return t('time.just_now')
  if (ago >= 60 && ago < 3600) return t('time.minutes_ago', { n: Math.floor(ago / 60) })
  return dateText(t, ms, now, zone)
}

// 刚刚, 3 分钟前, 5 小时前, 2 天前: how long, however long.
export function agoText(t: Translate, ms: number, now: number): string {
  const minutes = Math.floor(Math.max(0, now - ms) / 60_000)
  if (minutes < 1) return t('time.just_now')
  if (minutes < 60) return t('time.minutes_ago', { n: minutes })
  if (minutes < 48 * 60) return t('time.hours_ago', { n: Math.floor(minutes / 60) })
  return t('time.days_ago', { n: Math.floor(minutes / 1440) })
}

// The two largest units: 2 小时 5 分, 40 秒.
export function spanText(t: Translate, seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const units: [string, number][] = [
    ['time.day', Math.floor(s / 86400)], ['time.hour', Math.floor(s / 3600) % 24], ['time.minute', Math.floor(s / 60) % 60],
    ['time.second', s % 60],
  ]
  const first = units.findIndex(([, n]) => n > 0)
  if (first < 0) return t('time.second', { n: 0 })
  const largest = units[first]!
  const next = units[first + 1]
  const shown = [largest]
  // Seconds matter only while nothing larger than a minute runs, and not beyond ten of those.
  if (next && next[1] > 0 && !(next[0] === 'time.second' && largest[1] >= 10)) shown.push(next)
  return shown.map(([key, n]) => t(key, { n })).join(' ')
}

// For the eye: 4:09, 1:02:05. From two days on, digits of seconds say nothing.
export function clockDigits(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(s / 3600)
  const minutes = Math.floor(s / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${two(minutes)}:${two(s % 60)}`
}
