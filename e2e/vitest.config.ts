import { defineConfig } from 'vitest/config';

const isReal = Boolean(process.env.FREEHOLD_KUBECONFIG);

/** On a real cluster what belongs to the embedded one is left out, and the other way round. */
const elsewhere = isReal
  ? ['e2e/embedded/**', 'e2e/clients/**', 'e2e/contract/**', 'e2e/security/**']
  : ['e2e/real/**'];

export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...elsewhere],
    pool: 'forks',
    maxWorkers: isReal ? 1 : 2, // one real cluster is shared by all files; embedded ones are each their own
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
