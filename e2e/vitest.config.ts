import { defineConfig } from 'vitest/config';

/** On a real cluster (FREEHOLD_KUBECONFIG) what belongs to the embedded one is left out, and the other way round. */
const elsewhere = process.env.FREEHOLD_KUBECONFIG ? 'e2e/embedded/**' : 'e2e/real/**';

export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', elsewhere],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
