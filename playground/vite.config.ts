import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: '/playground/',
  plugins: [react()],
  resolve: {
    alias: {
      // From its source, so that nothing has to be built first.
      'customer-gateway-client': file('../client/src/index.ts'),
      // GraphiQL formats variables with these. A formatter for JSON is enough, and is much smaller.
      'prettier/parser-babel': file('src/jsonc-format.ts'),
      'prettier/plugins/estree': file('src/jsonc-format.ts'),
    },
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
