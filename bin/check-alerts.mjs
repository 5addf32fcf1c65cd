// npm run check:alerts: the alert rules and their tests, by Prometheus's own promtool, which is on the PATH or named in KEYWARD_PROMTOOL.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fail, packageRoot } from './run.mjs';

const promtool = process.env.KEYWARD_PROMTOOL ?? 'promtool';
const folder = join(packageRoot, 'ops', 'prometheus');

function run(...args) {
  const { error, status } = spawnSync(promtool, args, { cwd: folder, stdio: 'inherit' });
  if (error?.code === 'ENOENT') fail('promtool was not found: apt-get install prometheus, or set KEYWARD_PROMTOOL.');
  if (status !== 0) process.exit(1);
}

run('check', 'config', 'prometheus.yml');
run('check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yml');
run('test', 'rules', 'alerts.test.yml');
