// Whether the window is as narrow as a phone: the width at which the style sheets change over.
import { onScopeDispose, ref, type Ref } from 'vue'

export function useNarrow(): Ref<boolean> {
  const query = matchMedia('(max-width: 820px)')
  const narrow = ref(query.matches)
  const change = () => { narrow.value = query.matches }
  query.addEventListener('change', change)
  onScopeDispose(() => query.removeEventListener('change', change))
  return narrow
}
