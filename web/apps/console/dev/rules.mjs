// Rules, files and dry runs that take ten seconds, for the stand-in. A file that holds the word `wrong` has a finding there.
import { iso } from './incidents.mjs'

export function rulesRoutes({ json, fail, now, policy }) {
  const held = { version: 1, digest: 'a'.repeat(64), activated: iso(now() - 86_400e3), files: { 'community.yaml': 'community: {code: made-up}\n' } }
  const rules = policy.rules.map((r, i) => ({
    ...r, kind: policy.incident_kinds[i % policy.incident_kinds.length].code, kind_name: policy.incident_kinds[i % policy.incident_kinds.length].name,
    severity: ['red', 'orange', 'yellow', 'blue'][i % 4], signals: ['smoke'], operator: ['threshold', 'count', 'absence'][i % 3], key: 'device', join: 'unit', at_least: 3,
    within_s: 600, file: 'rules/all.yaml', line: 2 + i * 3, alerts: i * 7, ...(i ? { last: iso(now() - i * 3600e3) } : {}),
  }))
  held.files['rules/all.yaml'] = `rules:\n${rules.map((r) => `  - id: ${r.code}\n    kind: smoke\n`).join('\n')}`
  const tasks = []
  const findingsIn = (files) => Object.entries(files).flatMap(([file, text]) => text.split('\n').flatMap((l, i) => (l.includes('wrong')
    ? [{ file, line: i + 1, code: 'unknown-word', message: "'wrong' is no word; did you mean 'right'?" }] : [])))
  const aged = (t) => {
    const done = Math.min(t.total, Math.floor(((now() - t.began) / 10e3) * t.total))
    if (t.state === 'running' && done === t.total) Object.assign(t, { state: 'done', ended: iso(now()), result: {
      signals: 120_000, alerts_before: 12, alerts_after: 9, incidents_before: 8, incidents_after: 7,
      rules: rules.slice(0, 2).map((r) => ({ code: r.code, name: r.name, before: 12, after: 9, added: 1, gone: 4, gone_examples: [],
        added_examples: [{ at: iso(now() - 7200e3), place: policy.places.at(-1), device: 'd-1' }].map((e) => ({ ...e, place: { code: e.place.code, name: e.place.name } })) })),
    } })
    const shown = { ...t }
    delete shown.began
    return { ...shown, done: t.state === 'running' ? done : t.state === 'done' ? t.total : t.done }
  }
  const forAdministrators = (handle) => (q, r, call) => (call.session.roles.includes('administrator') ? handle(q, r, call) : fail(r, 'forbidden'))
  const known = (handle) => forAdministrators((q, r, call) => {
    const task = tasks.find((t) => t.id === call.id)
    return task ? handle(r, task) : fail(r, 'unknown-task')
  })
  return {
    'GET /rules': (q, r) => json(r, 200, { version: held.version, rules }),
    'GET /policy/files': forAdministrators((q, r) => json(r, 200, held)),
    'GET /policy/versions': forAdministrators((q, r) => json(r, 200, { versions: [{ version: held.version, digest: held.digest, activated: held.activated }] })),
    'POST /policy/check': forAdministrators((q, r, { body }) => json(r, 200, { findings: findingsIn(body.files) })),
    'POST /policy': forAdministrators((q, r, { body }) => {
      if (body.based_on && body.based_on !== held.version) return fail(r, 'policy-changed')
      Object.assign(held, { version: held.version + 1, activated: iso(now()), files: body.files })
      json(r, 200, { version: held.version })
    }),
    'POST /policy/tries': forAdministrators((q, r, { body, session }) => {
      if (tasks.some((t) => aged(t).state === 'running')) return fail(r, 'busy')
      tasks.unshift({
        id: String(tasks.length + 1), kind: 'policy-try', state: 'running', done: 0, total: 120_000, by: session.person, started: iso(now()), from: body.from ?? iso(now() - 604_800e3),
        to: iso(now()), based_on: held.version, began: now(),
      })
      json(r, 202, aged(tasks[0]))
    }),
    'GET /tasks': forAdministrators((q, r) => json(r, 200, { tasks: tasks.map((t) => ({ ...aged(t), result: undefined })) })),
    'GET /tasks/:id': known((r, t) => json(r, 200, aged(t))),
    'DELETE /tasks/:id': known((r, t) => {
      if (aged(t).state === 'running') Object.assign(t, { done: aged(t).done, state: 'cancelled', ended: iso(now()) })
      json(r, 202, aged(t))
    }),
  }
}
