// Who is signed in.
import { ApiError, asApiError, type HalfSession, type Session, type SignOnReturn } from '@shoumen/client'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api'
import { clearDrafts } from '../drafts'
import { usePreferences } from './preferences'

export const useSession = defineStore('session', () => {
  const session = shallowRef<Session>()
  const asked = ref(false) // the server has said whether there is one
  const problem = shallowRef<ApiError>() // why it could not be asked
  const lapsed = ref(false) // it ended while a page was open

  const signedIn = computed(() => session.value !== undefined)
  const mustChange = computed(() => session.value?.must_change ?? false)
  const mustEnrol = computed(() => session.value?.must_enrol ?? false)
  const half = ref('') // the password was right, and a code is asked for
  const isAdministrator = computed(() => session.value?.roles.includes('administrator') ?? false)
  const seesAccounts = computed(() => session.value?.sees.includes('accounts') ?? false)
  const changesDevices = computed(() => session.value?.changes.includes('devices') ?? false)
  // Whoever is a resident and nothing else is not pushed to: the server would refuse the line.
  const follows = computed(() => session.value?.roles.length !== 1 || session.value.roles[0] !== 'resident')

  function take(fresh: Session): void {
    session.value = fresh
    lapsed.value = false
    usePreferences().suggestLocale(fresh.language)
  }

  async function restore(): Promise<void> {
    problem.value = undefined
    try {
      take(await api.session())
      asked.value = true
    } catch (e) {
      const error = asApiError(e)
      if (error.status === 401) asked.value = true
      else problem.value = error
    }
  }

  async function signIn(account: string, password: string): Promise<void> {
    begun(await api.signIn(account, password))
  }

  function begun(answer: Session | HalfSession): void {
    if ('half' in answer) half.value = answer.half
    else take(answer)
    asked.value = true
  }

  async function signInByCode(phone: string, code: string): Promise<void> {
    begun(await api.signInByCode(phone, code))
  }

  async function finishSignOn(back: SignOnReturn): Promise<void> {
    begun(await api.finishSignOn(back))
  }

  async function secondStep(code: string): Promise<void> {
    take(await api.secondStep(half.value, code))
    half.value = ''
  }

  async function changePassword(old: string, fresh: string): Promise<void> {
    await api.changePassword(old, fresh)
    if (session.value) session.value = { ...session.value, must_change: false }
  }

  async function signOut(): Promise<void> {
    await api.signOut().catch(() => {}) // the page forgets in any case
    clearDrafts()
    session.value = undefined
  }

  function ended(): void {
    lapsed.value = session.value !== undefined
    session.value = undefined
  }

  return { session, asked, problem, lapsed, signedIn, mustChange, mustEnrol, half, secondStep, signInByCode, finishSignOn, isAdministrator, seesAccounts, changesDevices, follows, restore, signIn, changePassword, signOut, ended }
})
