// Makes a fresh or changed clone ready to run: installs, then builds, each only when needed. Plain JS for any Node >= 18.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join, relative, resolve } from 'node:path';
import { withLock } from './lock.mjs';
import { fail, findNode, packageRoot } from './run.mjs';

const modules = join(packageRoot, 'node_modules');
const lockFile = join(packageRoot, 'package-lock.json');
const installStamp = join(modules, '.keyward-install');
const buildStamp = join(packageRoot, 'dist', '.keyward-build');
const webBuildStamp = join(packageRoot, 'dist', '.keyward-web-build');
const generated = join(packageRoot, 'src', 'generated');
const generateStamp = join(generated, '.keyward-generate');
const schema = join(packageRoot, 'prisma', 'schema.prisma');

const shownErrorLines = 20;
const progress = (line) => process.stderr.write(`${line}\n`);

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function filesBelow(path) {
  if (path === generated || path.endsWith('node_modules') || !existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .sort();
}

/** Of names and contents, so that neither a deletion nor a checkout of older files goes unseen. */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files.filter(existsSync)) {
    const content = readFileSync(file);
    hash.update(`${relative(packageRoot, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

const installHash = () => `${process.platform}-${process.arch} ${hashOf([lockFile])}`;
const generateHash = () => hashOf([schema, join(packageRoot, 'prisma.config.ts'), lockFile]);
const buildHash = () =>
  hashOf([
    ...filesBelow(join(packageRoot, 'src')),
    ...filesBelow(join(packageRoot, 'prisma')),
    ...['prisma.config.ts', 'tsconfig.json', 'package-lock.json'].map((name) => join(packageRoot, name)),
  ]);

const webBuildHash = () =>
  hashOf([
    ...filesBelow(join(packageRoot, 'web')).filter((file) => !file.endsWith('.graphql.ts')),
    ...['schema.graphql', 'package-lock.json'].map((name) => join(packageRoot, name)),
  ]);

const isStampedInstall = () => readOrNull(installStamp) === installHash();
const isGenerated = () => !existsSync(schema) || readOrNull(generateStamp) === generateHash();
const isBuilt = () =>
  readOrNull(buildStamp) === buildHash() && isGenerated() && existsSync(join(packageRoot, 'dist', 'cli.js'));
const isWebBuilt = () =>
  !existsSync(join(packageRoot, 'web')) ||
  (readOrNull(webBuildStamp) === webBuildHash() && existsSync(join(packageRoot, 'dist', 'web', 'index.html')));

function mayBeMissing(wanted) {
  if (!wanted.optional) return false;
  const excludes = (list, value) => list !== undefined && ![list].flat().includes(value);
  const isForThisMachine = wanted.os !== undefined && wanted.libc === undefined;
  return !isForThisMachine || excludes(wanted.os, process.platform) || excludes(wanted.cpu, process.arch);
}

/** Whether npm itself (`npm install`, `npm ci`) has put here just what the lockfile names. */
function isInstalledByNpm() {
  try {
    const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === '') return true;
      const found = present[path];
      if (found === undefined) return mayBeMissing(entry);
      return found.version === entry.version && found.integrity === entry.integrity;
    });
  } catch {
    return false;
  }
}

/** npm as it was called, or else as the PATH has it without our own node_modules, which npm is about to replace. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && basename(cli) === 'npm-cli.js' && existsSync(cli)) return [process.execPath, cli];
  return ['npm'];
}

function envWithoutOwnBin() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== join(modules, '.bin'));
  return { ...process.env, PATH: path.join(delimiter) };
}

function install() {
  progress('Installing dependencies ...');
  const [command, ...before] = npmCommand();
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const run = spawnSync(command, [...before, 'ci', ...flags, '--engine-strict=false', '--loglevel=error'], {
    cwd: packageRoot,
    env: envWithoutOwnBin(),
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.error?.code === 'ENOENT') fail('npm was not found: install Node with npm, or run `npm ci` here yourself.');
  if (run.status !== 0) {
    const errors = run.stderr ?? '';
    process.stderr.write(`${errors.split('\n').slice(0, shownErrorLines).join('\n')}\n`);
    if (errors.includes('code EUSAGE'))
      fail('package-lock.json does not fit package.json: restore both from one release.');
    fail('`npm ci` failed (see above): check the connection to the npm registry, then start again.');
  }
  writeFileSync(installStamp, installHash());
}

function runTool(what, script, args, env = {}) {
  const run = spawnSync(findNode(), [resolve(modules, script), ...args], {
    cwd: packageRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === 0) return;
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error ? `${run.error.message}\n` : ''}`);
  fail(`${what} failed (see above): correct the sources, then start again.`);
}

function generate() {
  // Any existing file will do: with it Prisma uses its WASM engine and downloads nothing.
  runTool('Generating the database client', 'prisma/build/index.js', ['generate'], {
    PRISMA_SCHEMA_ENGINE_BINARY: lockFile,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  mkdirSync(generated, { recursive: true });
  writeFileSync(generateStamp, generateHash());
}

function build(force) {
  progress('Building ...');
  const hash = buildHash(); // before the build: what changes meanwhile is built next time
  rmSync(buildStamp, { force: true });
  if (existsSync(schema) && (force || !isGenerated())) generate();
  runTool('The build', 'typescript/bin/tsc', ['-p', 'tsconfig.json']);
  mkdirSync(join(packageRoot, 'dist'), { recursive: true });
  writeFileSync(buildStamp, hash);
}

function buildWeb() {
  progress('Building the console ...');
  const hash = webBuildHash();
  rmSync(webBuildStamp, { force: true });
  runTool('The build of the console', join(packageRoot, 'web', 'codegen.mjs'), []);
  runTool('The build of the console', 'vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn']);
  writeFileSync(webBuildStamp, hash);
}

/**
 * Installs and builds what is missing or out of date; ends the process with one line when that fails. Does nothing
 * where only the build was shipped (no src/). Says whether node_modules was replaced under the running process.
 * `withConsole: false` is for what the console itself is built from.
 */
export async function prepare({ forceBuild = false, withConsole = true } = {}) {
  if (!existsSync(join(packageRoot, 'src')) || !existsSync(lockFile)) return { replaced: false };
  if (!forceBuild && isStampedInstall() && isBuilt() && isWebBuilt()) return { replaced: false };
  return withLock(join(packageRoot, '.cache', 'prepare'), () => {
    let replaced = false;
    if (!isStampedInstall()) {
      if (isInstalledByNpm()) writeFileSync(installStamp, installHash());
      else {
        install();
        replaced = true;
      }
    }
    if (forceBuild || !isBuilt()) build(forceBuild);
    if (withConsole && (forceBuild || !isWebBuilt())) buildWeb();
    return { replaced };
  });
}
