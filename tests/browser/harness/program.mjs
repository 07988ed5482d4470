// The real program with the demo community, on ports and in a folder of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
// SHOUMEN_BIN names another program, SHOUMEN_SHARE another folder of pages.
export const program = process.env.SHOUMEN_BIN ?? process.env.SHOUMEN_PROGRAM ?? join(root, 'build/release/bin/shoumen')

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

export async function startProgram({ options = [], community = join(root, 'community/demo'), http: wanted } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not there: run ./dev build first, or name another one in SHOUMEN_BIN`)
  const data = await mkdtemp(join(tmpdir(), 'shoumen-data-'))
  const [http, mqtt] = [wanted ?? await freePort(), await freePort()]
  const url = `http://127.0.0.1:${http}`
  const passwords = {}
  const tokens = {}
  let child
  let said = ''

  async function start(more = []) {
    const args = [
      'serve', '--demo', '--community', community, '--data', data, '--http', `127.0.0.1:${http}`, '--mqtt', `127.0.0.1:${mqtt}`,
      ...(process.env.SHOUMEN_SHARE ? ['--share', process.env.SHOUMEN_SHARE] : []), ...options, ...more,
    ]
    child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (text) => { said += text })
    child.stderr.on('data', (text) => { said += text })
    const gone = once(child, 'exit').then(([code, signal]) => { throw new Error(`the program ended (${signal ?? code}):\n${said.slice(-3000)}`) })
    gone.catch(() => {})
    await Promise.race([gone, ready()])
    for (const [, name, password] of said.matchAll(/^account (\S+) password (\S+)$/gm)) passwords[name] = password
    for (const [, name, token] of said.matchAll(/^device (\S+) token (\S+)$/gm)) tokens[name] = token
  }

  async function ready() {
    for (;;) {
      const answer = await fetch(`${url}/api/v1/health`).catch(() => undefined)
      if (answer?.ok && (await answer.json()).ready) return
      await new Promise((done) => setTimeout(done, 100))
    }
  }

  async function kill(signal = 'SIGKILL') {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  await start()
  return {
    url, http, mqtt, data, passwords, tokens, kill, start,
    said: () => said,
    async stop() {
      await kill('SIGKILL')
      await rm(data, { recursive: true, force: true })
    },
  }
}

// One signal as a device would send it, by mosquitto's own client.
export async function publish({ mqtt, token, device, payload }) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const args = ['-h', '127.0.0.1', '-p', String(mqtt), '-u', device, '-P', token, '-q', '1', '-t', `shoumen/v1/${device}/signal`, '-m', text]
  const child = spawn('mosquitto_pub', args, { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`)
}
