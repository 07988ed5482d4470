// Light on taste, strict on borders: which package may import what, and who may speak to the network or ask the clock.
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

const deep = { group: ['@shoumen/*/*', '!@shoumen/ui/styles', '!@shoumen/ui/plain-styles'], message: 'A package is imported by its name; its inside is its own.' }

// What a package may import besides its own files.
function mayImport(files, names) {
  const others = '^(?!\\.{1,2}/)(?!node:)(?!vitest$)(?!(' + names.join('|') + ')(/|$)).*'
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [
          { regex: others, message: `Only ${names.join(', ') || 'its own files'} may be imported here.` },
          { regex: '^\\.\\./\\.\\./', message: 'That is another package’s inside: import it by its name.' },
        ],
      }],
    },
  }
}

const network = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource'].map((name) => ({
  name, message: 'Only packages/client speaks to the server.',
}))

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'packages/client/src/openapi.ts'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue', '**/*.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/attributes-order': 'off',
      'vue/no-v-html': 'error',
      'max-lines': ['error', { max: 500 }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: 'The time is the server’s: ServerClock.' }],
    },
  },
  { files: ['**/*.{ts,vue,js,mjs}'], rules: { 'no-restricted-imports': ['error', { patterns: [deep] }] } },
  mayImport(['packages/client/src/**'], ['openapi-fetch']),
  mayImport(['packages/proof/src/**'], ['@noble/curves', '@noble/hashes', 'sm-crypto-v2']),
  mayImport(['packages/i18n/src/**'], ['vue', 'vue-i18n']),
  mayImport(['packages/verify/src/**'], ['vue', '@shoumen/i18n', '@shoumen/proof', 'jsqr', 'qrcode-generator']),
  mayImport(['packages/ui/src/**'], ['vue', '@shoumen/i18n', 'element-plus']),
  { files: ['packages/{ui,i18n,proof,verify}/**', 'apps/*/src/**'], rules: { 'no-restricted-globals': ['error', ...network] } },
  {
    files: ['**/dev/**', '**/*.mjs', '**/*.test.ts', 'packages/client/**'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
)
