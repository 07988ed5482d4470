// Times as a proof says them: with seconds, in the time of Beijing, the same on every machine.
const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
})

export function whenText(ms: number): string {
  const p: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(ms)) p[type] = value
  return `${p['year']}-${p['month']}-${p['day']} ${p['hour']}:${p['minute']}:${p['second']}`
}
export const secondsText = (seconds: number): string => whenText(seconds * 1000)
