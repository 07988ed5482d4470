export type Severity = 'red' | 'orange' | 'yellow' | 'blue'

// In a box of 20 × 20.
export const severityShapes: Record<Severity, string> = {
  red: 'M10 .5 19.5 10 10 19.5 .5 10Z',
  orange: 'M10 1.5 19.5 18.5H.5Z',
  yellow: 'M10 1.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z',
  blue: 'M2 2h16v16H2Z',
}

export const severityRank: Record<Severity, number> = { red: 0, orange: 1, yellow: 2, blue: 3 }
