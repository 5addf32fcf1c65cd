import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

/** What takes too long for every run of `npm test`, and what is drilled at length beside it. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.drill.ts', 'test/e2e/rolling-restart.test.ts'] },
});
