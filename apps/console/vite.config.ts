import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  root: import.meta.dirname,
  // The server puts a fresh nonce in its place into every page it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: {
    proxy: { '^/(api|apis|kapis|clusters|oauth|session)(/|$)': { target: 'http://127.0.0.1:8080', ws: true } },
  },
});
