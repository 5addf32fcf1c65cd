import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** Drills that take minutes, and programs that `npm test` does without. */
const drills = mergeConfig(base, { test: { maxWorkers: 1 } });
drills.test = { ...drills.test, include: ['test/ha/*.drill.ts'], globalSetup: ['test/support/canary/global-setup.ts'] };

export default drills;
