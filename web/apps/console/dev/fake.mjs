#!/usr/bin/env node
// A stand-in for the program while one works on the pages: same addresses and shapes, made-up data, nothing kept.
//   node dev/fake.mjs [--port 8090] [--rows 25] [--ended 40] [--quarantine 8] [--devices 60] [--every 0] [--slow 0]
// Any account and password sign in (password "once" must be changed; "wrong" is refused). --every N opens one each N seconds.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { WebSocketServer } from 'ws'
import { makeCommunity } from './community.mjs'
import { Incidents, iso, makeRandom } from './incidents.mjs'
import { rulesRoutes } from './rules.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const csp = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'"
const media = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

export function startFake(options = {}) {
  const { port = 0, rows = 25, ended = 40, quarantine = 8, devices = 60, every = 0, slow = 0, now = Date.now, dist = join(here, '../dist') } = options
  const catalogue = JSON.parse(readFileSync(join(here, '../../../../api/errors.json'), 'utf8'))
  const policy = makeCommunity()
  const incidents = new Incidents(policy, now)
  incidents.fill(rows, rows === 0 ? 0 : ended)
  const random = makeRandom(3)
  const held = makeQuarantine(quarantine, now, random)
  const things = makeDevices(devices, policy, now, random)
  const files = new Map()
  const sessions = new Map()
  const sockets = new Set()
  const broken = { photo: '' } // tests set the code with which the next photograph is refused

  const tell = (message) => { for (const s of sockets) s.send(JSON.stringify(message)) }
  const push = (incident) => tell({ type: 'incident', incident: incidents.summary(incident) })

  function fail(response, code, extra = {}) {
    const entry = catalogue[code] ?? catalogue['bad-request']
    json(response, entry.status, { error: { code, message: { zh: entry.zh, en: entry.en }, ...extra } })
  }
  function json(response, status, body) {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(body === undefined ? '' : JSON.stringify(body))
  }
  function sessionOf(request) {
    return sessions.get(/shoumen_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1])
  }

  const routes = {
    'GET /health': (q, r) => json(r, 200, { ready: true, storing: true }),
    'GET /errors.json': (q, r) => json(r, 200, catalogue),
    'POST /session': (q, r, { body }) => {
      if (body.password === 'wrong') return fail(r, 'sign-in-failed')
      const token = createHash('sha256').update(String(Math.random())).digest('hex')
      const administrator = body.account === 'admin'
      const session = {
        account: body.account, person: `p-${body.account}`, roles: [administrator ? 'administrator' : 'duty_officer'], bodies: [],
        sees: administrator ? ['incidents', 'devices', 'rules', 'policy', 'accounts', 'tokens', 'tasks', 'quarantine'] : ['incidents', 'door', 'actors', 'devices', 'rules', 'quarantine'],
        changes: administrator ? ['devices', 'policy', 'accounts', 'tokens'] : ['incidents', 'commands'], must_change: body.password === 'once', must_enrol: false,
        language: 'zh-CN', expires: iso(now() + 12 * 3600e3),
      }
      sessions.set(token, session)
      r.setHeader('Set-Cookie', `shoumen_session=${token}; HttpOnly; SameSite=Strict; Path=/`)
      json(r, 200, { ...session, token })
    },
    'GET /session': (q, r, { session }) => json(r, 200, session),
    'DELETE /session': (q, r, { session }) => {
      for (const [token, s] of sessions) if (s === session) sessions.delete(token)
      json(r, 204)
    },
    'PUT /session/password': (q, r, { session, body }) => {
      if (body.old === body.new) return fail(r, 'password-weak')
      session.must_change = false
      json(r, 204)
    },
    'GET /policy': (q, r) => json(r, 200, policy),
    'GET /incidents': (q, r, { query }) => {
      const limit = Number(query.get('limit') ?? 200)
      const before = query.get('before') ? BigInt(query.get('before')) : undefined
      const wanted = query.get('state')?.split(',')
      const found = []
      let more = false
      for (const incident of [...incidents.byId.values()].reverse()) {
        if (before !== undefined && BigInt(incident.id) >= before) continue
        if (query.get('live') === '1' && incident.ended) continue
        if (wanted && !wanted.includes(incident.state)) continue
        if (found.length === limit) { more = true; break }
        found.push(incidents.summary(incident))
      }
      json(r, 200, { incidents: found, now: iso(now()), more })
    },
    'POST /incidents': (q, r, { body, session }) => {
      if (!policy.places.some((p) => p.code === body.place)) return fail(r, 'unknown-place', { where: 'place' })
      const incident = incidents.open({ ...body, reporter: session.person })
      push(incident)
      json(r, 201, { id: incident.id })
    },
    'GET /incidents/:id': (q, r, { incident, session }) => json(r, 200, incidents.detail(incident, session.person, catalogue)),
    'POST /incidents/:id/actions/:action': (q, r, { incident, action, session, body }) => {
      const code = incidents.refusal(incident, action, session.person)
      if (code) return fail(r, code)
      incidents.apply(incident, action, session.person, body)
      push(incident)
      json(r, 200, incidents.detail(incident, session.person, catalogue))
    },
    'POST /incidents/:id/evidence': (q, r, { incident, raw, session, query }) => {
      const sha = createHash('sha256').update(raw).digest('hex')
      const code = broken.photo || (files.has(sha) ? 'evidence-used-before' : '')
      if (code) return fail(r, code)
      files.set(incidents.addEvidence(incident, query.get('phase'), raw, session.person), { raw, type: q.headers['content-type'] })
      push(incident)
      json(r, 200, incidents.detail(incident, session.person, catalogue))
    },
    'GET /quarantine': (q, r, { query }) => {
      const before = Number(query.get('before') ?? Infinity)
      const limit = Number(query.get('limit') ?? 100)
      json(r, 200, { rows: held.filter((h) => Number(h.id) < before).slice(0, limit), kept: held.length, dropped: held.length > 5000 ? 1200 : 0 })
    },
    'GET /devices': (q, r) => json(r, 200, { devices: things }),
    'POST /devices/:code/token': (q, r, { code, session }) => {
      if (!session.roles.includes('administrator')) return fail(r, 'forbidden')
      things.find((d) => d.code === code).has_token = true
      json(r, 201, { token: createHash('sha256').update(code + now()).digest('base64url').slice(0, 32) })
    },
    'DELETE /devices/:code/token': (q, r, { code }) => {
      things.find((d) => d.code === code).has_token = false
      json(r, 204)
    },
  }

  Object.assign(routes, rulesRoutes({ json, fail, now, policy }))

  function match(method, path) {
    for (const [key, handle] of Object.entries(routes)) {
      const [m, pattern] = key.split(' ')
      if (m !== method) continue
      const names = []
      const found = new RegExp(`^${pattern.replace(/:(\w+)/g, (_, n) => (names.push(n), '([^/]+)'))}$`).exec(path)
      if (found) return { handle, values: Object.fromEntries(names.map((n, i) => [n, decodeURIComponent(found[i + 1])])) }
    }
    return undefined
  }

  async function api(request, response, url) {
    const path = url.pathname.slice('/api/v1'.length)
    if (slow) await new Promise((done) => setTimeout(done, slow))
    const evidence = /^\/evidence\/(\w+)$/.exec(path)
    const session = sessionOf(request)
    const isOpen = path === '/health' || path === '/errors.json' || (path === '/session' && request.method === 'POST')
    if (!session && !isOpen) return fail(response, 'not-signed-in')
    if (evidence) {
      const file = files.get(evidence[1])
      if (!file) return fail(response, 'not-found')
      response.writeHead(200, { 'Content-Type': file.type })
      return response.end(file.raw)
    }
    if (request.method !== 'GET' && !isOpen && request.headers['x-shoumen'] !== '1') return fail(response, 'csrf')
    const route = match(request.method, path)
    if (!route) return fail(response, 'not-found')
    const parts = []
    for await (const part of request) parts.push(part)
    const raw = Buffer.concat(parts)
    const isJson = request.headers['content-type']?.startsWith('application/json')
    const incident = route.values.id && path.startsWith('/incidents/') ? incidents.byId.get(route.values.id) : undefined
    if (route.values.id && path.startsWith('/incidents/') && !incident) return fail(response, 'unknown-incident')
    return route.handle(request, response, { ...route.values, incident, session, query: url.searchParams, raw, body: isJson && raw.length ? JSON.parse(raw) : {} })
  }

  async function page(response, path) {
    const wanted = normalize(path).replace(/^(\.\.[/\\])+/, '')
    const file = extname(wanted) ? wanted : '/index.html'
    try {
      const bytes = await readFile(join(dist, file))
      response.writeHead(200, { 'Content-Type': media[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': csp })
      response.end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost')
    const done = url.pathname.startsWith('/api/v1/') ? api(request, response, url) : page(response, url.pathname)
    done.catch((e) => { console.error(e); response.writeHead(500).end() })
  })
  const live = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/api/v1/live' || !sessionOf(request)) return socket.destroy()
    live.handleUpgrade(request, socket, head, (ws) => {
      sockets.add(ws)
      ws.on('close', () => sockets.delete(ws))
      ws.send(JSON.stringify({ type: 'hello', now: iso(now()) }))
    })
  })
  const timer = every > 0 ? setInterval(() => push(incidents.open({ severity: incidents.pick(['red', 'orange', 'yellow', 'blue']) })), every * 1000) : undefined

  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({
    url: `http://127.0.0.1:${server.address().port}`, port: server.address().port, incidents, push, broken, tell,
    dropSockets: () => { for (const s of sockets) s.terminate() },
    stop: () => new Promise((done) => {
      clearInterval(timer)
      for (const s of sockets) s.terminate()
      server.close(done)
      server.closeAllConnections()
    }),
  })))
}

function makeQuarantine(count, now, random) {
  const kinds = [
    ['bad-json', 'payload is not JSON: at byte 17 a comma or } was expected', undefined, '{"device":"d-1" "kind":"smoke","values":{"smoke":true}}'],
    ['unknown-device', 'device "lobby-cam-9" is not registered', 'device', '{"device":"lobby-cam-9","kind":"camera_fight","values":{"count":2}}'],
    ['bad-number', 'values.level is not a finite number', 'values.level', '{"device":"water-2","kind":"water_level","values":{"level":NaN}}'],
    ['wrong-type', 'values.smoke must be true or false', 'values.smoke', '{"device":"smoke-301","kind":"smoke","values":{"smoke":"yes"}}'],
    ['bad-time', 'time has no zone', 'time', '{"device":"smoke-301","kind":"smoke","time":"2026-11-23 20:15","values":{"smoke":true}}'],
    ['doubled-key', 'the key "smoke" stands twice', 'values.smoke', '{"device":"smoke-301","kind":"smoke","values":{"smoke":true,"smoke":false}}'],
  ]
  return Array.from({ length: count }, (_, i) => {
    const [code, message, field, payload] = kinds[random(kinds.length)]
    return {
      id: String(count - i), received: iso(now() - i * 97e3), door: random(2) ? 'mqtt' : 'http', speaker: random(4) ? `smoke-${301 + random(20)}` : '', code, message,
      ...(field ? { field } : {}), payload, payload_size: Buffer.byteLength(payload), payload_sha256: createHash('sha256').update(payload + i).digest('hex'),
    }
  })
}

function makeDevices(count, policy, now, random) {
  const kinds = ['smoke', 'door_access', 'gas', 'one_key', 'elder_bracelet', 'water_level', 'camera_fight', 'ebike_overload']
  const names = { smoke: '烟感', door_access: '门禁', gas: '燃气报警器', one_key: '一键呼叫', elder_bracelet: '老人手环', water_level: '水位计', camera_fight: '摄像机', ebike_overload: '充电桩' }
  const homes = policy.places.filter((p) => p.level === 'home' || p.level === 'point')
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[random(kinds.length)]
    const place = homes[random(homes.length)]
    const heard = random(12) === 0 ? {} : { last_heard: iso(now() - (random(10) === 0 ? 30 * 3600e3 + random(5) * 86400e3 : random(7200) * 1000)) }
    return {
      code: `${kind.replaceAll('_', '-')}-${i + 1}`, kind, name: { zh: `${names[kind]} ${i + 1}`, en: `${kind.replaceAll('_', ' ')} ${i + 1}` }, place: { code: place.code, name: place.name },
      is_gateway: false, clock_wrong: random(25) === 0, has_token: random(3) > 0, ...(random(3) ? {} : { gateway: 'gw-a' }), ...heard,
    }
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = {}
  for (let i = 2; i < process.argv.length; i += 2) options[process.argv[i].replace(/^--/, '')] = Number(process.argv[i + 1])
  const fake = await startFake({ port: 8090, ...options })
  console.log(`the fake server is at ${fake.url}`)
}
