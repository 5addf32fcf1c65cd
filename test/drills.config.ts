import { defineConfig } from 'vitest/config';
import { eachFile, eachRun, resolve } from './run-options.ts';

/** What takes too long for every run of `npm test`, and what is drilled at length beside it. */
export default defineConfig({
  resolve,
  test: { ...eachRun, ...eachFile, include: ['test/**/*.drill.ts', 'test/e2e/rolling-restart.test.ts'], maxWorkers: 1 },
});
