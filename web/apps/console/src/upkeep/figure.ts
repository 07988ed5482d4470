// What a finding measured: "88811 s", "1480 min", "12 %", "340 /s", "4 ×" of the API, in words.
type Translate = (key: string, values?: Record<string, unknown>) => string

export function figureText(t: Translate, span: (seconds: number) => string, detail: string): string {
  const [, figure, unit] = /^(\d+) (s|min|%|\/s|×)$/.exec(detail) ?? []
  if (!figure) return detail
  const n = Number(figure)
  if (unit === 's') return span(n)
  if (unit === 'min') return span(n * 60)
  if (unit === '%') return `${n}%`
  return t(unit === '/s' ? 'upkeep.a_second' : 'upkeep.pushed_out', { n })
}
