import { defineConfig } from 'vitest/config';

/** They run real containers and want the machine for themselves: `npm run test:engine`. */
const engineTests = 'cluster/node/engine/test/**';

export default defineConfig({
  test: {
    include: ['{apps,features,kit,cluster,tools}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(process.env.FREEHOLD_ENGINE ? [] : [engineTests])],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
