import { configDefaults, defineConfig } from 'vitest/config';

// What makes, breaks or measures tables of its own has them as the migrations make them.
const notDistributed = [
  'test/integration/{database,seed}/**',
  'test/**/{doctor,distribute,migrate,start,rolling-restart}.test.ts',
];
const isDistributed = process.env['KEYWARD_TEST_DISTRIBUTED'] !== undefined;

export default defineConfig({
  resolve: {
    // Without it Vite finds the ES module build and Node the CommonJS one: two copies, and graphql refuses to work.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isDistributed ? notDistributed : [])],
    // Torn down from the last to the first: the search sees what the others leave behind.
    globalSetup: [
      'test/support/canary/global-setup.ts',
      'test/support/global-setup.ts',
      'test/support/distributed/global-setup.ts',
    ],
    setupFiles: ['test/support/canary/setup.ts', 'test/support/distributed/setup.ts'],
    pool: 'forks',
    // Most of a test's time is spent waiting for a server or for PostgreSQL.
    maxWorkers: 3,
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    teardownTimeout: 60_000,
  },
});
