// npm test: installs and builds when needed, then runs vitest with the right Node.
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { packageRoot, runScript } from './run.mjs';

const { replaced } = await prepare();
process.chdir(packageRoot);
const vitest = join(packageRoot, 'node_modules', 'vitest', 'vitest.mjs');
await runScript(vitest, ['run', ...process.argv.slice(2)], { replaced });
