// The community as its policy describes it: names, places, bodies, the time zone; and the catalogue of errors.
import { asApiError, type ApiError, type ErrorCatalogue, type Names, type Policy } from '@shoumen/client'
import { defineStore } from 'pinia'
import { pathOf, treeOf, type NamedPlace } from '@shoumen/ui'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api'

export const useCommunity = defineStore('community', () => {
  const policy = shallowRef<Policy>()
  const catalogue = shallowRef<ErrorCatalogue>()
  const problem = shallowRef<ApiError>()
  const loading = ref(false)
  // Until the policy is here, the zone most likely meant; no time is shown before that in any case.
  const zone = computed(() => policy.value?.time_zone ?? 'Asia/Shanghai')

  async function load(): Promise<void> {
    loading.value = true
    problem.value = undefined
    try {
      policy.value = await api.policy()
    } catch (e) {
      problem.value = asApiError(e)
    } finally {
      loading.value = false
    }
  }

  const tree = computed(() => treeOf(policy.value?.places ?? []))
  // The way to a place, from below the community down: what people of the community say. As given where the policy knows it not.
  function pathWithin(place: { code: string; name: Names }): NamedPlace[] {
    const path = pathOf(tree.value, place.code)
    if (!path.length) return [place]
    const below = path.slice(path.findIndex((p) => p.level === 'community') + 1)
    return below.length ? below : path.slice(-1)
  }

  async function loadCatalogue(): Promise<void> {
    if (!catalogue.value) catalogue.value = await api.errors().catch(() => undefined)
  }

  return { policy, catalogue, problem, loading, zone, pathWithin, load, loadCatalogue }
})
