// The community directory as somebody changes it: over which version, what they changed, and what is wrong with it. What was
// typed lies in the tab until it has taken force or was thrown away.
import { asApiError, type ApiError, type Finding, type PolicyFiles } from '@shoumen/client'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api } from '../api'
import { dropDraft, keepDraft, readDraft } from '../drafts'
import { applied, changesOf, rebased, type Edits } from './merge'

const draftName = 'rules'
const checkAfter = 900 // ms without typing
const largest = 1_000_000 // of all files together, as they are sent

interface Draft { basedOn: number; edits: Edits }

export function useWorkbench() {
  const base = shallowRef<PolicyFiles>()
  const edits = ref<Edits>({})
  const problem = shallowRef<ApiError>()
  const findings = shallowRef<readonly Finding[]>()
  const checking = ref(false)
  const checkProblem = shallowRef<ApiError>()
  // Another version has taken force: these files both sides changed.
  const other = shallowRef<{ files: PolicyFiles; conflicts: readonly string[] }>()

  const files = computed(() => applied(base.value?.files ?? {}, edits.value))
  const changes = computed(() => changesOf(base.value?.files ?? {}, edits.value))
  const isChanged = computed(() => Object.keys(changes.value).length > 0)
  const size = computed(() => new TextEncoder().encode(JSON.stringify(files.value)).length)
  const tooLarge = computed(() => size.value > largest)
  // What is sent, as one text: whether two moments had the same files.
  const signature = computed(() => JSON.stringify(Object.entries(files.value).sort(([a], [b]) => (a < b ? -1 : 1))))

  async function load(): Promise<void> {
    problem.value = undefined
    try {
      const draft = readDraft<Draft>(draftName)
      const newest = await api.policyFiles()
      const old = draft && draft.basedOn !== newest.version ? await api.policyFiles(draft.basedOn) : newest
      edits.value = draft?.edits ?? {}
      base.value = old
      if (old !== newest) meet(newest)
    } catch (e) {
      problem.value = asApiError(e)
    }
  }

  function meet(newest: PolicyFiles): void {
    if (!base.value || newest.version === base.value.version) return
    // Nothing of one's own: nothing to weigh.
    if (!isChanged.value) {
      base.value = newest
      edits.value = {}
      return
    }
    other.value = { files: newest, conflicts: rebased(base.value.files, newest.files, edits.value).conflicts }
  }

  async function lookForOther(): Promise<void> {
    try {
      meet(await api.policyFiles())
    } catch {
      // Asked again when it matters: at activation.
    }
  }

  // Over to the other version; of the conflicts those in `theirs` are given up.
  function goOver(theirs: ReadonlySet<string>): void {
    if (!other.value || !base.value) return
    const over = rebased(base.value.files, other.value.files.files, edits.value).edits
    for (const name of theirs) delete over[name]
    base.value = other.value.files
    edits.value = over
    other.value = undefined
  }

  function write(name: string, text: string): void {
    const fresh = { ...edits.value }
    if (base.value?.files[name] === text) delete fresh[name]
    else fresh[name] = text
    edits.value = fresh
  }
  function remove(name: string): void {
    const fresh = { ...edits.value }
    if (base.value && name in base.value.files) fresh[name] = null
    else delete fresh[name]
    edits.value = fresh
  }
  function revert(name?: string): void {
    const fresh = name === undefined ? {} : { ...edits.value }
    if (name !== undefined) delete fresh[name]
    edits.value = fresh
    if (!Object.keys(fresh).length) dropDraft(draftName)
  }

  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  async function check(): Promise<boolean> {
    clearTimeout(timer)
    const mine = ++asked
    checking.value = true
    checkProblem.value = undefined
    try {
      const found = await api.checkPolicy(files.value)
      if (mine !== asked) return false
      findings.value = found
      return found.length === 0
    } catch (e) {
      if (mine === asked) checkProblem.value = asApiError(e)
      return false
    } finally {
      if (mine === asked) checking.value = false
    }
  }

  watch(edits, () => {
    if (!base.value) return
    if (isChanged.value) keepDraft(draftName, { basedOn: base.value.version, edits: edits.value } satisfies Draft)
    else dropDraft(draftName)
    clearTimeout(timer)
    findings.value = undefined
    if (isChanged.value && !tooLarge.value) timer = setTimeout(() => void check(), checkAfter)
  })
  onScopeDispose(() => clearTimeout(timer))

  return {
    base, edits, files, changes, isChanged, tooLarge, signature, problem, findings, checking, checkProblem, other,
    load, lookForOther, goOver, write, remove, revert, check,
  }
}
