import { createTexts, localeOf } from '@shoumen/i18n'
import '@shoumen/ui/plain-styles'
import { createApp, watchEffect } from 'vue'
import App from './App.vue'

const app = createApp(App)
const texts = createTexts(localeOf(location.hash.slice(1)) ?? 'zh-CN')
app.use(texts)
watchEffect(() => {
  document.documentElement.lang = texts.global.locale.value
  document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  document.title = `${texts.global.t('verify.title')} · ${texts.global.t('app.name')}`
})
app.mount('#app')
