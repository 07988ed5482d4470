import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from './stores/session'

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/incidents' },
  { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue'), meta: { open: true, title: 'sign_in.title' } },
  { path: '/sign-in/return', name: 'sign-in-return', component: () => import('./pages/SignOnReturnPage.vue'), meta: { open: true, title: 'sign_in.title' } },
  { path: '/incidents', name: 'incidents', component: () => import('./pages/IncidentListPage.vue'), meta: { title: 'list.title' } },
  {
    path: '/incidents/:id(\\d+)', name: 'incident', component: () => import('./pages/IncidentPage.vue'), props: true,
    meta: { title: 'nav.incidents' },
  },
  { path: '/report', name: 'report', component: () => import('./pages/ReportPage.vue'), meta: { title: 'report.title' } },
  { path: '/quarantine', name: 'quarantine', component: () => import('./pages/QuarantinePage.vue'), meta: { title: 'quarantine.title' } },
  { path: '/devices', name: 'devices', component: () => import('./pages/DevicesPage.vue'), meta: { title: 'devices.title' } },
  { path: '/coverage', name: 'coverage', component: () => import('./pages/CoveragePage.vue'), meta: { title: 'coverage.title' } },
  { path: '/precision', name: 'precision', component: () => import('./pages/PrecisionPage.vue'), meta: { title: 'precision.title' } },
  { path: '/upkeep', name: 'upkeep', component: () => import('./pages/UpkeepPage.vue'), meta: { title: 'upkeep.title' } },
  { path: '/upkeep/rounds/:id(\\d+)', name: 'upkeep-round', component: () => import('./pages/RoundPage.vue'), props: true, meta: { title: 'upkeep.rounds' } },
  { path: '/rules', name: 'rules', component: () => import('./pages/RulesPage.vue'), meta: { title: 'rules.title' } },
  { path: '/rules/edit', name: 'rules-edit', component: () => import('./pages/RuleEditPage.vue'), meta: { title: 'rules.edit_title' } },
  { path: '/rules/try-message', name: 'map-try', component: () => import('./pages/MapTryPage.vue'), meta: { title: 'map_try.title' } },
  { path: '/retention', name: 'retention', component: () => import('./pages/RetentionPage.vue'), meta: { title: 'retention.title' } },
  { path: '/records', name: 'records', component: () => import('./pages/RecordsPage.vue'), meta: { title: 'records.mine' } },
  { path: '/roster', name: 'roster', component: () => import('./pages/RosterPage.vue'), meta: { title: 'roster.title' } },
  { path: '/records/:id(\\d+)/proof', name: 'proof', component: () => import('./pages/ProofPage.vue'), props: true, meta: { title: 'prove.title' } },
  { path: '/ledger', name: 'ledger', component: () => import('./pages/LedgerPage.vue'), meta: { title: 'ledger.title' } },
  { path: '/accounts', name: 'accounts', component: () => import('./pages/AccountsPage.vue'), meta: { title: 'accounts.title' } },
  { path: '/security', name: 'security', component: () => import('./pages/SecurityPage.vue'), meta: { title: 'security.title' } },
  // Free: without a session, and without asking whether there is one.
  { path: '/verify', name: 'verify', component: () => import('./pages/VerifyPage.vue'), meta: { free: true, title: 'verify.title' } },
  { path: '/my-data', name: 'my-data', component: () => import('./pages/MyDataPage.vue'), meta: { title: 'my_data.title' } },
  { path: '/wall', name: 'wall', component: () => import('./pages/WallPage.vue'), meta: { wall: true, title: 'wall.title' } },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'errors.not_found_title' } },
]

export function createConsoleRouter() {
  const router = createRouter({ history: createWebHistory(), routes })
  router.beforeEach(async (to) => {
    if (to.meta['free']) return true
    const session = useSession()
    if (!session.asked) await session.restore()
    if (session.problem) return true // App says so in place of the page
    const inside = session.signedIn && !session.mustChange && !session.mustEnrol
    if (to.meta['open']) return inside ? { name: 'incidents' } : true
    return inside || { name: 'sign-in', query: to.fullPath === '/incidents' ? {} : { to: to.fullPath } }
  })
  return router
}
