import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Without it Vite finds the ES module build and Node the CommonJS one: two copies, and graphql refuses to work.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Torn down from the last to the first: the search sees what the others leave behind.
    globalSetup: ['test/support/canary/global-setup.ts', 'test/support/global-setup.ts'],
    setupFiles: ['test/support/canary/setup.ts'],
    pool: 'forks',
    // Most of a test's time is spent waiting for a server or for PostgreSQL.
    maxWorkers: 3,
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    teardownTimeout: 60_000,
  },
});
