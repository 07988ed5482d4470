import { createTexts } from '@shoumen/i18n'
import { installTime } from '@shoumen/ui'
import '@shoumen/ui/styles'
import { createPinia, storeToRefs } from 'pinia'
import { createApp, watchEffect } from 'vue'
import { api } from './api'
import App from './App.vue'
import { createConsoleRouter } from './router'
import { useCommunity } from './stores/community'
import { usePreferences } from './stores/preferences'
import { useSession } from './stores/session'

const app = createApp(App)
app.use(createPinia())

const preferences = usePreferences()
const texts = createTexts(preferences.locale)
app.use(texts)
watchEffect(() => {
  texts.global.locale.value = preferences.locale
  document.documentElement.lang = preferences.locale
  document.documentElement.dataset['theme'] = preferences.shownTheme
})

installTime(app, () => api.clock.now(), storeToRefs(useCommunity()).zone)

const router = createConsoleRouter()
app.use(router)
const session = useSession()
api.onSignedOut = () => {
  session.ended()
  void router.push({ name: 'sign-in', query: { to: router.currentRoute.value.fullPath } })
}

app.mount('#app')
