// The page as one file with all that it needs inside, laid beside the console's files: /verify.html, to be saved and taken along.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

export default defineConfig({
  plugins: [vue(), viteSingleFile()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2022',
    outDir: '../console/dist',
    emptyOutDir: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: fileURLToPath(new URL('verify.html', import.meta.url)) },
  },
})
