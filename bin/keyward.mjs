#!/usr/bin/env node
// keyward <command>: installs and builds when needed, then runs the command with the right Node.
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { packageRoot, runScript } from './run.mjs';

const { replaced } = await prepare();
await runScript(join(packageRoot, 'dist', 'cli.js'), process.argv.slice(2), { replaced });
