// Where rows of differing heights lie, and which of them are in sight.

// tops[i] is where row i begins, tops[count] the height of all.
export function topsOf(count: number, heightOf: (index: number) => number): Float64Array {
  const tops = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) tops[i + 1] = tops[i]! + heightOf(i)
  return tops
}

export function rangeInView(tops: Float64Array, count: number, scrolled: number, height: number, spare: number) {
  const first = Math.max(0, rowAt(tops, count, scrolled) - spare)
  const end = Math.min(count, rowAt(tops, count, scrolled + height) + 1 + spare)
  return { first: Math.min(first, end), end }
}

// The row that covers y: the last one that begins at or above it.
function rowAt(tops: Float64Array, count: number, y: number): number {
  let low = 0
  let high = Math.max(0, count - 1)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tops[middle]! <= y) low = middle
    else high = middle - 1
  }
  return low
}
