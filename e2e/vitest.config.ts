import { defineConfig } from 'vitest/config';

/** The browser journeys and whole-platform tests: one platform after the other, each in its own file. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    bail: 0,
  },
});
