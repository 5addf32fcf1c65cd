// npm run sbom: Node and the npm packages that are shipped, as CycloneDX, from package-lock.json and what is in node_modules; asks
// nobody. What an image has beneath them, a scanner of images finds.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, packageRoot } from './run.mjs';

// With `--omit=dev` npm leaves out packages that are needed in production and by a tool as well: it is asked for all.
const npm = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--loglevel=error'], {
  cwd: packageRoot,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
if (npm.status !== 0) fail(`npm sbom failed: ${npm.stderr}`);
const bom = JSON.parse(npm.stdout);
const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8'));
const { name, version } = packages[''];

const partsOf = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));

/** Where a package lies: one version may lie in several places. */
const placesOf = Map.groupBy(Object.keys(packages), (path) => {
  const called = packages[path].name ?? path.split('node_modules/').at(-1);
  return `${called}@${packages[path].version}`;
});
const isInServer = (path) =>
  path.startsWith('node_modules/') &&
  packages[path].dev !== true &&
  existsSync(join(packageRoot, path, 'package.json'));

/** The console is shipped as a bundle of what is beneath it, tools for its build among that. */
function reachedFrom(ref, reached = new Set()) {
  if (reached.has(ref)) return reached;
  reached.add(ref);
  for (const part of partsOf.get(ref) ?? []) reachedFrom(part, reached);
  return reached;
}

const web = bom.components.find(({ purl }) => purl.startsWith('pkg:npm/%40keyward/web@'));
const ofConsole = reachedFrom(web['bom-ref']);
const components = bom.components.flatMap((component) => {
  const ref = component['bom-ref'];
  const places = placesOf.get(ref) ?? [];
  const hashes = places.flatMap((path) => hashesOf(packages[path])).slice(0, 1);
  const whole = { ...component, ...(hashes.length > 0 && { hashes }) };
  if (component === web) return [{ ...whole, name: '@keyward/web' }];
  if (places.some(isInServer)) return [whole];
  if (!ofConsole.has(ref)) return [];
  const property = { name: 'keyward:part', value: 'the console, or a tool that builds it' };
  return [{ ...whole, scope: 'optional', properties: [...component.properties, property] }];
});

function hashesOf({ integrity = '' }) {
  const [, sha512] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  return sha512 === undefined ? [] : [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }];
}

/** Which runs this, and in the image all of it. */
const node = {
  'bom-ref': `node@${process.versions.node}`,
  type: 'platform',
  name: 'node',
  version: process.versions.node,
  purl: `pkg:generic/node@${process.versions.node}`,
};
components.push(node);

const own = { ...bom.metadata.component, name, version, type: 'application' };
const kept = new Set([own, ...components].map((component) => component['bom-ref']));
const dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((part) => kept.has(part)) }));
dependencies.push({ ref: node['bom-ref'], dependsOn: [] });
dependencies.find(({ ref }) => ref === own['bom-ref'])?.dependsOn.push(node['bom-ref']);
const metadata = { ...bom.metadata, component: own };
process.stdout.write(`${JSON.stringify({ ...bom, metadata, components, dependencies }, null, 2)}\n`);
