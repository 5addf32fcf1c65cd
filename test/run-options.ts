import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const resolve = {
  // Without it Vite finds the ES module build and Node the CommonJS one: two copies, and graphql refuses to work.
  alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
};

export const eachFile = {
  setupFiles: [here('support/canary/setup.ts')],
  pool: 'forks' as const,
  testTimeout: 30_000,
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 30_000,
};

export const eachRun = {
  // Torn down from the last to the first: the search sees what the others leave behind.
  globalSetup: [here('support/canary/global-setup.ts'), here('support/global-setup.ts')],
  // Most of a test's time is spent waiting for a server or for PostgreSQL.
  maxWorkers: 3,
  teardownTimeout: 60_000,
};

/** They kill what they run beside, or replace a part of the program: what one leaves behind in a process, the next would meet. */
export const alone = [
  'test/**/*killed*.test.ts',
  'test/integration/gateway/**/*.test.ts',
  'test/architecture/distributed-statements.test.ts',
  'test/e2e/database-away.test.ts',
];
