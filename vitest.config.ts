import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,features,kit,cluster,tools}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
