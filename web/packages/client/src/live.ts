// The WebSocket that tells of every change. It comes back by itself: after a loss it waits 0.5 s, 1 s, 2 s … up to 15 s, each
// with some chance in it so that a hall full of pages does not knock at once. What was missed meanwhile is not repeated by the
// server: `onOpen` is the moment to load the list again.
import type { LiveMessage } from './types'

export type LiveState = 'connecting' | 'online' | 'offline'

export interface LiveHandlers {
  onOpen: () => void
  onMessage: (message: LiveMessage) => void
  onState: (state: LiveState) => void
}

const firstWait = 500
const longestWait = 15_000

export function waitBefore(attempt: number, chance: number): number {
  return Math.min(longestWait, firstWait * 2 ** attempt) * (0.7 + 0.6 * chance)
}

export class Live {
  private socket: WebSocket | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private attempt = 0
  private stopped = true

  constructor(
    private readonly handlers: LiveHandlers,
    private readonly url: () => string = liveUrl,
    private readonly open: (url: string) => WebSocket = (u) => new WebSocket(u),
  ) {}

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    this.attempt = 0
    this.connect()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    const socket = this.socket
    this.socket = undefined
    socket?.close()
  }

  // The browser says the network is back, or somebody pressed "try now": no need to wait on.
  hurry(): void {
    if (this.stopped || this.socket?.readyState === WebSocket.OPEN) return
    this.attempt = 0
    this.connect()
  }

  // The way to the server is known to be broken although the socket has not noticed.
  drop(): void {
    if (!this.stopped) this.lost(this.socket)
  }

  private connect(): void {
    clearTimeout(this.timer)
    const former = this.socket
    this.socket = undefined
    former?.close()
    this.handlers.onState('connecting')
    const socket = this.open(this.url())
    this.socket = socket
    socket.onmessage = (e: MessageEvent) => { if (this.socket === socket) this.receive(e.data) }
    socket.onclose = () => { if (this.socket === socket) this.lost(socket) }
  }

  private receive(data: unknown): void {
    const message = parse(data)
    if (!message) return
    if (message.type === 'hello') {
      this.attempt = 0
      this.handlers.onMessage(message)
      this.handlers.onState('online')
      this.handlers.onOpen()
      return
    }
    this.handlers.onMessage(message)
  }

  private lost(socket: WebSocket | undefined): void {
    this.socket = undefined
    socket?.close()
    if (this.stopped) return
    this.handlers.onState('offline')
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.connect(), waitBefore(this.attempt++, Math.random()))
  }
}

function parse(data: unknown): LiveMessage | undefined {
  try {
    return JSON.parse(String(data)) as LiveMessage
  } catch {
    return undefined
  }
}

function liveUrl(): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return `${scheme}//${location.host}/api/v1/live`
}
