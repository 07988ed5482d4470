// Each page by itself, against a stand-in for the program that can be made to hold any number of rows and to refuse at will.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startFake } from '../../web/apps/console/dev/fake.mjs'
import { desk, phone, signIn, startBrowser } from './harness/browser.mjs'
import { expectAccessible, expectLargeTargets, expectNoSidewaysScroll, expectOnlyChinese, expectOnlyEnglish, expectQuiet } from './harness/checks.mjs'
import { makePhoto } from './harness/photo.mjs'

let browser
before(async () => { browser = await startBrowser() })
after(() => browser.close())

async function enter(fake, options = {}, account = 'officer') {
  const page = await browser.openPage(fake.url, options)
  await signIn(page, account)
  await page.waitForURL('**/incidents')
  return page
}
async function withFake(options, run) {
  const fake = await startFake(options)
  try {
    await run(fake)
  } finally {
    await fake.stop()
  }
}
async function until(holds) {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 200))
}
const close = (page) => page.context().close()

const pages = {
  list: { path: () => '/incidents', ready: '.counts' },
  ended: { path: () => '/incidents?ended=1', ready: '[data-incident]', notEmpty: true },
  incident: { path: (f) => `/incidents/${[...f.incidents.byId.values()].find((i) => i.state === 'on_scene')?.id ?? '1'}`, ready: '.timeline', notEmpty: true },
  report: { path: () => '/report', ready: 'form' },
  quarantine: { path: () => '/quarantine', ready: '.counts' },
  devices: { path: () => '/devices', ready: '.counts' },
  wall: { path: () => '/wall', ready: '.clock' },
  nowhere: { path: () => '/nowhere', ready: '.note' },
}

describe('every page', () => {
  for (const rows of [0, 1, 10_000]) {
    const many = rows > 100 ? rows : undefined
    const size = { rows, ended: rows ? 12 : 0, quarantine: many ?? rows, devices: many ?? rows }
    for (const view of ['desk', 'phone']) {
      it(`with ${rows} rows on a ${view}: fits, is accessible, speaks one language, asks nobody else`, { timeout: 300_000 }, async () => {
        await withFake(size, async (fake) => {
          const findings = []
          const options = view === 'desk' ? { viewport: desk } : { viewport: phone, touch: true }
          for (const language of ['zh-CN', 'en']) {
            const page = await enter(fake, { ...options, language }, 'admin')
            for (const [name, { path, ready, notEmpty }] of Object.entries(pages)) {
              if (notEmpty && rows === 0) continue
              await page.goto(path(fake))
              await page.locator(ready).first().waitFor()
              await page.waitForTimeout(300)
              const checks = [expectNoSidewaysScroll, expectLargeTargets, language === 'en' ? expectOnlyEnglish : expectOnlyChinese]
              if (language === 'zh-CN' || rows === 1) checks.push(expectAccessible)
              for (const check of checks) await check(page).catch((e) => findings.push(`${name} (${language}), ${check.name}: ${e.message}`))
            }
            expectQuiet(page)
            await close(page)
          }
          assert.deepEqual(findings, [])
        })
      })
    }
  }

  it('is accessible in dark', async () => {
    await withFake({}, async (fake) => {
      const page = await enter(fake, { dark: true }, 'admin')
      for (const { path, ready } of Object.values(pages)) {
        await page.goto(path(fake))
        await page.locator(ready).first().waitFor()
        await expectAccessible(page)
      }
      await close(page)
    })
  })
})

describe('signing in', () => {
  it('says what is missing and what is wrong, and keeps what was typed', async () => {
    await withFake({}, async (fake) => {
      const page = await browser.openPage(fake.url)
      await page.goto('/devices')
      await page.waitForURL('**/sign-in?to=/devices')
      await expectAccessible(page)
      await expectOnlyChinese(page)
      await page.getByRole('button', { name: '登录' }).click()
      await page.getByText('请填写账号').waitFor()
      await page.locator('input[name=account]').fill('officer')
      await page.locator('input[name=password]').fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').filter({ hasText: '账号或密码不对' }).waitFor()
      assert.equal(await page.locator('input[name=account]').inputValue(), 'officer')
      await page.locator('input[name=password]').fill('right')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/devices')
      await close(page)
    })
  })

  it('with a one-time password asks for one’s own first', async () => {
    await withFake({}, async (fake) => {
      const page = await browser.openPage(fake.url)
      await signIn(page, 'admin', 'once')
      await page.getByRole('heading', { name: '设置新密码' }).waitFor()
      await expectAccessible(page)
      await page.goto('/incidents')
      await page.getByRole('heading', { name: '设置新密码' }).waitFor()
      await page.locator('input[name=old]').fill('once')
      await page.locator('input[name=new]').fill('short')
      await page.locator('input[name=again]').fill('short')
      await page.getByRole('button', { name: '保存并继续' }).click()
      await page.locator('.hint.fault', { hasText: '至少 10 个字符' }).waitFor()
      await page.locator('input[name=new]').fill('long enough now')
      await page.locator('input[name=again]').fill('long enough now!')
      await page.getByRole('button', { name: '保存并继续' }).click()
      await page.getByText('两次输入不一样').waitFor()
      await page.locator('input[name=again]').fill('long enough now')
      await page.getByRole('button', { name: '保存并继续' }).click()
      await page.waitForURL('**/incidents')
      await close(page)
    })
  })

  it('goes only to addresses of these pages', async () => {
    await withFake({}, async (fake) => {
      const page = await browser.openPage(fake.url)
      await page.goto('/sign-in?to=//elsewhere.example/x')
      await page.locator('input[name=account]').fill('officer')
      await page.locator('input[name=password]').fill('right')
      await page.keyboard.press('Enter')
      await page.waitForURL(`${fake.url}/incidents`)
      await close(page)
    })
  })
})

describe('the live list', () => {
  it('puts the late ones first, each with an owner and a clock', async () => {
    await withFake({ rows: 60 }, async (fake) => {
      fake.incidents.open({ severity: 'red', opened: Date.now() - 600_000, kind: 'fire' })
      const page = await enter(fake)
      const top = page.locator('[data-incident]').first()
      await top.waitFor()
      assert.match(await top.innerText(), /极高[\s\S]*火情[\s\S]*已上报街道[\s\S]*已超时/)
      const rows = await page.locator('[data-incident]').all()
      assert.ok(rows.length > 5)
      for (const row of rows) {
        assert.notEqual((await row.locator('.lead').innerText()).trim(), '')
        assert.ok(await row.locator('.countdown').count())
      }
      await close(page)
    })
  })

  it('filters as one types, and the view can be sent', async () => {
    await withFake({ rows: 200 }, async (fake) => {
      fake.incidents.open({ severity: 'red', kind: 'lift_trapped', place: 'e-new-b1-u1-lift' })
      const page = await enter(fake)
      await page.keyboard.press('/')
      await page.keyboard.type('锦绣园 电梯困人')
      await page.getByRole('button', { name: '极高' }).click()
      await page.waitForURL((url) => url.searchParams.get('q') === '锦绣园 电梯困人' && url.searchParams.get('severity') === 'red')
      const found = await page.locator('[data-incident]').count()
      assert.ok(found >= 1 && found < 20)
      const other = await enter(fake)
      await other.goto(page.url())
      await other.locator('[data-incident]').first().waitFor()
      assert.equal(await other.locator('[data-incident]').count(), found)
      await page.keyboard.press('/')
      await page.keyboard.type(' 没有这样的')
      await page.getByText('没有符合条件的事件').waitFor()
      await page.getByRole('button', { name: '清除筛选' }).click()
      await page.locator('[data-incident]').first().waitFor()
      await close(other)
      await close(page)
    })
  })

  it('can be worked with the keyboard alone, to the end of an action and back', async () => {
    await withFake({ rows: 30 }, async (fake) => {
      const page = await enter(fake)
      await page.locator('[data-incident]').first().waitFor()
      const focused = () => page.evaluate(() => document.activeElement?.dataset?.incident)
      await page.keyboard.press('j')
      const first = await focused()
      await page.keyboard.press('j')
      const second = await focused()
      await page.keyboard.press('k')
      assert.equal(await focused(), first)
      assert.notEqual(first, second)
      await page.keyboard.press('End')
      const last = await focused()
      assert.ok(last && last !== second)
      await page.keyboard.press('Home')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: '快捷键' }).waitFor()
      await expectAccessible(page)
      await page.keyboard.press('j') // silent behind the dialog
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: '快捷键' }).waitFor({ state: 'hidden' })
      await page.keyboard.press('/')
      await page.keyboard.type('物业')
      await page.keyboard.press('ArrowDown')
      const chosen = fake.incidents.byId.get(await focused())
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/incidents/${chosen.id}`)
      await page.locator('.timeline').waitFor()
      await page.keyboard.press('n')
      await page.keyboard.type('电话已联系')
      await page.keyboard.press('Control+Enter')
      await page.locator('.timeline .words', { hasText: '电话已联系' }).waitFor()
      await page.locator('#content').click({ position: { x: 2, y: 2 } })
      await page.keyboard.press('t')
      const dialog = page.getByRole('dialog', { name: '移交给哪个单位？' })
      await dialog.waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      await page.keyboard.press('Escape')
      await page.waitForURL((url) => url.pathname === '/incidents')
      expectQuiet(page)
      await close(page)
    })
  })

  it('shows a new one at once and speaks an extreme one', async () => {
    await withFake({ rows: 3 }, async (fake) => {
      const page = await enter(fake)
      await page.locator('[data-incident]').first().waitFor()
      const fresh = fake.incidents.open({ severity: 'red', kind: 'fire', place: 'e-old-b1-u1-301' })
      fake.push(fresh)
      await page.locator(`[data-incident="${fresh.id}"].fresh`).waitFor()
      assert.equal(await page.getByTestId('voice').innerText(), '新的极高事件：火情，1单元 3层 301')
      fake.incidents.apply(fresh, 'acknowledge', 'p-7')
      fake.push(fresh)
      await page.locator(`[data-incident="${fresh.id}"]`, { hasText: 'p-7' }).waitFor()
      await close(page)
    })
  })

  it('says when the line is lost, comes back by itself and catches up', async () => {
    const fake = await startFake({ rows: 3 })
    const { port } = fake
    const page = await enter(fake)
    await page.locator('[data-incident]').first().waitFor()
    await fake.stop()
    await page.getByText('连接已断开').waitFor()
    assert.equal(await page.locator('[data-incident]').count(), 3)
    await expectAccessible(page)
    const again = await startFake({ rows: 3, port })
    // The stand-in forgets its sessions; the real program does not.
    await page.evaluate(async () => {
      await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"account":"officer","password":"x"}' })
    })
    const missed = again.incidents.open({ severity: 'orange', kind: 'gas_leak' })
    await page.locator(`[data-incident="${missed.id}"]`).waitFor({ timeout: 30_000 })
    await page.getByText('连接已断开').waitFor({ state: 'hidden' })
    await close(page)
    await again.stop()
  })

  it('scrolls through 100,000 and keeps few of them on the page', { timeout: 240_000 }, async () => {
    await withFake({ rows: 100_000, ended: 0 }, async (fake) => {
      const page = await enter(fake)
      page.setDefaultTimeout(120_000)
      await page.locator('[data-incident]').first().waitFor()
      await page.getByText('正在载入其余事件').waitFor({ state: 'hidden' })
      const total = async () => ((await page.locator('.counts').innerText()).match(/\d+/g) ?? []).reduce((sum, n) => sum + Number(n), 0)
      await until(async () => (await total()) === 100_000)
      for (const part of [0.25, 0.5, 0.99]) {
        await page.locator('.scroller').evaluate((s, p) => { s.scrollTop = s.scrollHeight * p }, part)
        await page.waitForTimeout(200)
        const shown = await page.locator('[data-incident]').count()
        assert.ok(shown > 5 && shown < 40, `${shown} rows at ${part}`)
      }
      await page.keyboard.press('/')
      await page.keyboard.type('和平苑')
      await until(async () => (await page.locator('.place').allInnerTexts()).every((place) => place.includes('和平苑')))
      assert.ok((await total()) < 50_000)
      await close(page)
    })
  })
})

describe('an incident', () => {
  const onScene = (fake) => {
    const incident = fake.incidents.open({ severity: 'orange', kind: 'fire', place: 'e-old-b1-u1-301' })
    for (const action of ['acknowledge', 'depart', 'arrive']) fake.incidents.apply(incident, action, 'p-officer')
    return incident
  }

  it('shows a refused photograph’s reason, keeps it and all that was typed, and takes the next', async () => {
    await withFake({ rows: 3 }, async (fake) => {
      const incident = onScene(fake)
      const page = await enter(fake)
      await page.goto(`/incidents/${incident.id}`)
      await page.getByPlaceholder('写一条备注').fill('正在通风')
      assert.ok(await page.locator('[data-action=resolve]').isDisabled())
      await page.getByText('须先上传处置后的照片').waitFor()

      fake.broken.photo = 'evidence-used-before'
      const used = await makePhoto(page, 'used before')
      await page.locator('input[data-phase=after]').setInputFiles(used)
      const refusal = page.locator('.refused')
      await refusal.waitFor()
      assert.match(await refusal.innerText(), /照片没有被接受[\s\S]*这张照片以前用过。请现场重新拍摄。/)
      assert.ok(await page.locator('.preview').isVisible())
      assert.equal(await page.getByPlaceholder('写一条备注').inputValue(), '正在通风')
      await expectAccessible(page)

      await page.locator('input[data-phase=after]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
      await page.getByText('不是 JPEG、PNG 或 WebP').waitFor()
      await page.locator('input[data-phase=after]').setInputFiles({ name: 'large.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(20 * 1024 * 1024 + 1) })
      await page.locator('.refused', { hasText: '照片超过 20 MB' }).waitFor()

      fake.broken.photo = ''
      await page.locator('input[data-phase=after]').setInputFiles(used)
      await page.locator('.photos img').waitFor()
      await page.locator('.timeline .photo').waitFor()
      await page.locator('[data-action=resolve]').click()
      await page.getByRole('dialog', { name: '处置完成' }).waitFor()
      await expectAccessible(page)
      await page.getByTestId('submit-action').click()
      await page.locator('.head .pill', { hasText: '待核验' }).waitFor()
      assert.equal(await page.getByPlaceholder('写一条备注').inputValue(), '正在通风')
      expectQuiet(page)
      await close(page)
    })
  })

  it('lets a photograph on its way be stopped', async () => {
    await withFake({ rows: 3 }, async (fake) => {
      const incident = onScene(fake)
      const page = await enter(fake)
      await page.goto(`/incidents/${incident.id}`)
      await page.route('**/evidence?*', () => {}) // never arrives
      const photo = await makePhoto(page, 'on its way')
      await page.locator('input[data-phase=after]').setInputFiles(photo)
      await page.getByTestId('photo-progress').waitFor()
      await expectAccessible(page)
      await page.getByTestId('photo-cancel').click()
      await page.getByTestId('photo-progress').waitFor({ state: 'detached' })
      assert.equal(await page.locator('.refused').count(), 0)
      await page.unroute('**/evidence?*')
      await page.locator('input[data-phase=after]').setInputFiles(photo)
      await page.locator('.photos img').waitFor()
      await close(page)
    })
  })

  it('keeps a dialog open with everything in it when the server refuses', async () => {
    await withFake({ rows: 3 }, async (fake) => {
      const incident = onScene(fake)
      const page = await enter(fake)
      await page.goto(`/incidents/${incident.id}`)
      await page.locator('.timeline').waitFor()
      await page.keyboard.press('s')
      const dialog = page.getByRole('dialog', { name: '调整为哪个等级？' })
      await dialog.getByText('极高').click()
      await dialog.getByRole('textbox').fill('火势变大')
      await page.context().setOffline(true)
      await page.getByTestId('submit-action').click()
      await dialog.getByRole('alert').filter({ hasText: '连不上服务器' }).waitFor()
      assert.equal(await dialog.getByRole('textbox').inputValue(), '火势变大')
      await page.context().setOffline(false)
      await page.getByTestId('submit-action').click()
      await dialog.waitFor({ state: 'hidden' })
      await page.locator('.timeline', { hasText: '把等级调整为极高' }).waitFor()
      await close(page)
    })
  })

  it('is marked as seen when a told person opens it', async () => {
    await withFake({ rows: 0 }, async (fake) => {
      const incident = fake.incidents.open({ severity: 'red', kind: 'fire' })
      incident.told[0].person = 'p-officer'
      const page = await enter(fake)
      await page.goto(`/incidents/${incident.id}`)
      await page.locator('.told', { hasText: '已阅' }).waitFor()
      assert.ok(incident.told[0].seen)
      await close(page)
    })
  })

  it('that does not exist says so and leads back', async () => {
    await withFake({ rows: 1 }, async (fake) => {
      const page = await enter(fake)
      await page.goto('/incidents/999999')
      await page.getByText('没有这个事件').waitFor()
      await page.getByRole('button', { name: '回到事件列表' }).click()
      await page.waitForURL('**/incidents')
      await close(page)
    })
  })
})

describe('reporting', () => {
  it('says what is missing, keeps the draft over a reload, and leads to the incident', async () => {
    await withFake({ rows: 1 }, async (fake) => {
      const page = await enter(fake)
      await page.keyboard.press('c')
      await page.waitForURL('**/report')
      await page.getByRole('button', { name: '上报' }).click()
      await page.getByText('请选择是什么事').waitFor()
      await page.getByText('请选择地点').waitFor()
      await page.locator('.kinds label', { hasText: '火情' }).click()
      await page.getByRole('searchbox', { name: '搜索楼号、房号或地点' }).fill('光华里 1号楼 301')
      await page.locator('[data-place="e-old-b1-u1-301"]').click()
      await page.locator('.level', { hasText: '极高' }).click()
      await page.getByPlaceholder('看到了什么').fill('三楼有烟味')
      await page.reload()
      await page.getByText('这是您上次没有提交的内容').waitFor()
      assert.equal(await page.getByPlaceholder('看到了什么').inputValue(), '三楼有烟味')
      await page.getByRole('button', { name: '上报', exact: true }).click()
      await page.waitForURL(/incidents\/\d+$/)
      await page.getByRole('heading', { name: '火情' }).waitFor()
      await page.getByText('三楼有烟味').waitFor()
      await page.goto('/report')
      await page.locator('form').waitFor()
      assert.equal(await page.getByPlaceholder('看到了什么').inputValue(), '')
      await close(page)
    })
  })

  it('finds a place step by step with the keyboard', async () => {
    await withFake({ rows: 1 }, async (fake) => {
      const page = await enter(fake)
      await page.goto('/report')
      await page.getByRole('button', { name: '看里面的地点 光华里' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: '看里面的地点 2号楼' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: /就选这里.*2号楼/ }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.chosen', { hasText: '2号楼' }).waitFor()
      await close(page)
    })
  })
})

describe('devices', () => {
  it('an administrator gives a token, sees it once, and takes it back', async () => {
    await withFake({ rows: 1, devices: 20 }, async (fake) => {
      const page = await enter(fake, {}, 'admin')
      await page.goto('/devices')
      const row = page.locator('[data-device]').filter({ hasText: '未发放' }).first()
      const code = await row.getAttribute('data-device')
      await row.getByRole('button', { name: '发放令牌' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '发放令牌' }).click()
      const token = (await page.getByTestId('token').innerText()).trim()
      assert.ok(token.length > 16)
      await expectAccessible(page)
      await page.getByRole('button', { name: '已抄好，关闭' }).click()
      await page.getByTestId('token').waitFor({ state: 'detached' })
      const same = page.locator(`[data-device="${code}"]`)
      await same.getByRole('button', { name: '吊销令牌' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '吊销令牌' }).click()
      await same.filter({ hasText: '未发放' }).waitFor()
      await close(page)
    })
  })

  it('3,000 of them are searched while one types', { timeout: 60_000 }, async () => {
    await withFake({ rows: 1, devices: 3_000 }, async (fake) => {
      const page = await enter(fake)
      await page.goto('/devices')
      await page.locator('[data-device]').first().waitFor()
      assert.ok((await page.locator('[data-device]').count()) < 40)
      // From the key to the list that answers it, each drawn.
      await page.evaluate(() => {
        globalThis.times = []
        document.addEventListener('input', () => {
          const began = performance.now()
          requestAnimationFrame(() => setTimeout(() => globalThis.times.push(performance.now() - began)))
        }, true)
      })
      await page.keyboard.press('/')
      await page.keyboard.type('燃气 1号楼 gas', { delay: 40 })
      await until(async () => (await page.locator('[data-device]').first().innerText()).includes('燃气'))
      const times = await page.evaluate(() => globalThis.times)
      assert.ok(times.length >= 10)
      const slowest = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.9)]
      assert.ok(slowest < 150, `a key took ${slowest.toFixed(0)} ms: ${times.map((x) => x.toFixed(0)).join(' ')}`)
      await page.keyboard.press('Escape')
      await page.getByRole('searchbox').fill('')
      await page.getByRole('button', { name: '只看没有消息的' }).click()
      await until(async () => (await page.locator('[data-device] .how').allInnerTexts()).every((s) => s === '从未有消息' || s === '超过一天没有消息'))
      await close(page)
    })
  })

  it('others see them and cannot', async () => {
    await withFake({ rows: 1, devices: 5 }, async (fake) => {
      const page = await enter(fake)
      await page.goto('/devices')
      await page.locator('[data-device]').first().waitFor()
      assert.equal(await page.getByRole('button', { name: '发放令牌' }).count(), 0)
      await close(page)
    })
  })
})
