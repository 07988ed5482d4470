// A city's single sign-on as the tests need it: the real `oidc-provider`, on this machine, with people made up here. Its own
// pages for development ask for a name (any password will do) and for consent.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

export async function startProvider({ client, secret, redirect, people }) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${server.address().port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [{
      client_id: client, client_secret: secret, redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test-1' }] },
    cookies: { keys: ['only of this test'] },
    claims: { openid: ['sub'], profile: ['department'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    features: { devInteractions: { enabled: true } },
  })
  server.on('request', provider.callback())
  return { issuer, stop: () => new Promise((done) => { server.close(done); server.closeAllConnections() }) }
}
