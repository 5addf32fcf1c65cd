import { defineConfig } from 'vitest/config';

const resolve = {
  // Without it Vite finds the ES module build and Node the CommonJS one: two copies, and graphql refuses to work.
  alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
};

const eachFile = {
  setupFiles: ['test/support/canary/setup.ts'],
  pool: 'forks' as const,
  testTimeout: 30_000,
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 30_000,
};

/** They drive a browser, or kill what they run beside: what one leaves behind in a process, the next would meet. */
const alone = ['test/browser/**/*.test.ts', 'test/**/*killed*.test.ts', 'test/integration/gateway/**/*.test.ts'];

export default defineConfig({
  test: {
    // Torn down from the last to the first: the search sees what the others leave behind.
    globalSetup: ['test/support/canary/global-setup.ts', 'test/support/global-setup.ts'],
    // Most of a test's time is spent waiting for a server or for PostgreSQL.
    maxWorkers: 3,
    teardownTimeout: 60_000,
    projects: [
      { resolve, test: { ...eachFile, name: 'alone', include: alone } },
      // To load the program anew for each file would take half as long again.
      {
        resolve,
        test: { ...eachFile, name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
    ],
  },
});
