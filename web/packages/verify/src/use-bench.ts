// What was handed in, and what came of it: each change checks all of it anew.
import { audit, type Report, type Source } from '@shoumen/proof'
import { computed, ref, shallowRef } from 'vue'
import { codeOf, sourceOf, sourceOfText } from './reading'

export interface Given {
  name: string // a file, or a folder with its files
  files: number
  sources: readonly Source[]
}

export function useBench(textName: (n: number) => string) {
  const given = shallowRef<readonly Given[]>([])
  const report = shallowRef<Report>()
  const working = ref(false)
  const part = ref(0)
  const noCode = shallowRef<readonly string[]>([]) // pictures in which no code was found
  let asked = 0
  let texts = 0

  async function check(): Promise<void> {
    const mine = ++asked
    const sources = given.value.flatMap((g) => g.sources)
    part.value = 0
    if (sources.length === 0) {
      report.value = undefined
      working.value = false
      return
    }
    working.value = true
    await new Promise((done) => setTimeout(done)) // what is on the page is shown first
    const made = await audit(sources, [], (now) => { if (mine === asked) part.value = now })
    if (mine !== asked) return
    report.value = made
    working.value = false
  }

  async function add(files: readonly { path: string; file: File }[]): Promise<void> {
    const groups = new Map<string, Source[]>()
    const without: string[] = []
    for (const { path, file } of files) {
      const name = path.split('/')[0]!
      let source: Source | undefined = sourceOf(path, file)
      if (file.type.startsWith('image/')) {
        const code = await codeOf(file)
        source = code === undefined ? undefined : sourceOfText(path, code)
      }
      if (source) groups.set(name, [...(groups.get(name) ?? []), source])
      else without.push(path)
    }
    noCode.value = without
    // The same name again takes the place of what was there.
    given.value = [...given.value.filter((g) => !groups.has(g.name)), ...[...groups].map(([name, sources]) => ({ name, files: sources.length, sources }))]
    await check()
  }
  async function addText(text: string): Promise<void> {
    // What comes out of a mail or a reader often has Windows' line ends, and spaces around it.
    const clean = text.replace(/\r\n/g, '\n').trim()
    if (!clean) return
    const whole = clean.startsWith('SHOUMEN1:') ? clean : `${clean}\n`
    const name = textName(++texts)
    given.value = [...given.value, { name, files: 1, sources: [sourceOfText(name, whole)] }]
    await check()
  }
  async function remove(name: string): Promise<void> {
    given.value = given.value.filter((g) => g.name !== name)
    await check()
  }
  async function clear(): Promise<void> {
    given.value = []
    noCode.value = []
    await check()
  }
  const percent = computed(() => Math.floor(part.value * 100))
  return { given, report, working, percent, noCode, add, addText, remove, clear }
}
