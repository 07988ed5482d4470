// The server's time as seen from here. Deadlines are the server's, so no page asks this machine what time it is.
//
// Each answer that says `now` is a sample; the one with the shortest way there and back is trusted most. Where the server's
// clock runs at another pace than ours (a sped-up demonstration), two samples in a row that agree on the pace set it.

interface Sample {
  server: number
  local: number
  doubt: number
}

const paceFrom = 1.5 // below that it is this machine's drift, not a pace
const minimumGap = 1_000
const forgetAfter = 300_000

export class ServerClock {
  private anchor: Sample | undefined
  private last: Sample | undefined
  private lastPace = 1
  private pace = 1

  // `local` tells milliseconds that only ever grow; `wall` is used until the first sample.
  constructor(
    private readonly local: () => number = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {}

  get known(): boolean {
    return this.anchor !== undefined
  }

  // `asked` is the local time when the question was sent; without it the message came by itself.
  sample(serverNow: string, asked?: number): void {
    const server = Date.parse(serverNow)
    if (Number.isNaN(server)) return
    const received = this.local()
    const doubt = asked === undefined ? 50 : (received - asked) / 2
    const sample: Sample = { server: server + doubt * this.pace, local: received, doubt }
    this.learnPace(sample)
    if (this.shouldReplace(sample)) this.anchor = sample
    this.last = sample
  }

  stamp(): number {
    return this.local()
  }

  now(): number {
    if (!this.anchor) return this.wall()
    return this.anchor.server + (this.local() - this.anchor.local) * this.pace
  }

  private shouldReplace(sample: Sample): boolean {
    const anchor = this.anchor
    if (!anchor || this.pace !== 1) return true
    const predicted = anchor.server + (sample.local - anchor.local)
    const wrong = Math.abs(predicted - sample.server) > anchor.doubt + sample.doubt + 1_000
    return wrong || sample.doubt <= anchor.doubt || sample.local - anchor.local > forgetAfter
  }

  private learnPace(sample: Sample): void {
    const last = this.last
    if (!last || sample.local - last.local < minimumGap) return
    const measured = (sample.server - last.server) / (sample.local - last.local)
    if (measured < paceFrom) {
      if (measured > 0.5) this.pace = 1
    } else if (Math.abs(measured - this.lastPace) < measured * 0.1) {
      this.pace = measured
    }
    this.lastPace = measured
  }
}
