import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Without it Vite finds the ES module build and Node the CommonJS one: two copies, and graphql refuses to work.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
