// npm run check: everything that can be said about the sources without running the program's own tests.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findNode, packageRoot } from './run.mjs';

const inModules = (...path) => join(packageRoot, 'node_modules', ...path);
const tsc = inModules('typescript', 'bin', 'tsc');

/** Each is a list of commands for Node; the first installs what the others need. */
const steps = {
  'install and build': [['--input-type=module', '-e', "await (await import('./bin/prepare.mjs')).prepare()"]],
  types: [
    [tsc, '-p', 'tsconfig.json', '--noEmit'],
    [tsc, '-p', 'tsconfig.check.json'],
    [tsc, '-p', 'clients/node/tsconfig.json', '--noEmit'],
    [tsc, '-p', 'web/tsconfig.json'],
  ],
  'lint and format': [[inModules('@biomejs', 'biome', 'bin', 'biome'), 'check', '.']],
  architecture: [[inModules('vitest', 'vitest.mjs'), 'run', 'test/architecture']],
};

/** What the command had to say when it failed; null when all is well. */
function complaintOf(args) {
  const run = spawnSync(findNode(), args, {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === 0) return null;
  return `${run.stdout ?? ''}${run.stderr ?? ''}${run.error ? `${run.error.message}\n` : ''}`;
}

for (const [name, commands] of Object.entries(steps)) {
  const startedAt = performance.now();
  const complaints = commands.map(complaintOf).filter((complaint) => complaint !== null);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${complaints.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  process.stdout.write([...new Set(complaints)].join(''));
  if (complaints.length > 0) process.exitCode = 1;
}
