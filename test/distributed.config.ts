import { configDefaults, defineConfig } from 'vitest/config';
import { eachFile, eachRun, resolve } from './run-options.ts';

/** What makes, breaks or measures tables of its own has them as the migrations make them. */
const notDistributed = [
  'test/integration/{database,seed}/**',
  'test/**/{doctor,distribute,migrate,start,rolling-restart}.test.ts',
];

/** The tests of services on tables that are distributed by the tenant. */
export default defineConfig({
  resolve,
  test: {
    ...eachRun,
    ...eachFile,
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...notDistributed],
    globalSetup: [...eachRun.globalSetup, 'test/support/distributed/global-setup.ts'],
    setupFiles: [...eachFile.setupFiles, 'test/support/distributed/setup.ts'],
  },
});
