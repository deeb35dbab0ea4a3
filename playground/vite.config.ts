import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/playground/',
  plugins: [react()],
  // From its source, so that nothing has to be built first.
  resolve: {
    alias: { 'customer-gateway-client': fileURLToPath(new URL('../client/src/index.ts', import.meta.url)) },
  },
  build: {
    target: 'es2022',
    // The editor is one large piece, however it is cut.
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      onwarn(warning, show) {
        // Hints of GraphiQL's to a compiler that has run already.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') show(warning);
      },
    },
  },
  worker: { format: 'es' },
});
