import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** Drills take minutes: `npm test` has none of them. */
export default defineConfig({ ...base, test: { ...base.test, include: ['test/restore/**/*.drill.ts'] } });
