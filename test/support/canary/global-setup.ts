import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf } from './blocks.ts';
import { CANARY_DIRECTORY } from './places.ts';
import { SecretSearch } from './search.ts';

/**
 * After the whole run: every secret that it has made is looked for in everything that it has left behind, in the log, the
 * tables, the answers and the log of PostgreSQL. One that is found fails the run, however green its tests are.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'keyward-canary-'));
  process.env[CANARY_DIRECTORY] = directory;
  return async () => {
    try {
      await search(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}

const MOST_SHOWN = 20;

async function search(directory: string): Promise<void> {
  const startedAt = performance.now();
  const names = await readdir(directory);
  const secrets = new Set<string>();
  for (const name of names.filter((each) => each.startsWith('secrets '))) {
    for (const line of (await readFile(join(directory, name), 'utf8')).trim().split('\n'))
      secrets.add(JSON.parse(line) as string);
  }
  const search = new SecretSearch(secrets);
  const complaints: string[] = [];
  let bytes = 0;
  for (const name of names.filter((each) => each.startsWith('place '))) {
    const found = new Map<string, string>();
    for await (const haystack of blocksOf(join(directory, name))) {
      bytes += haystack.length;
      for (const { secret, at } of search.findIn(haystack)) found.set(secret, describe(name, haystack, secret, at));
    }
    complaints.push(...found.values());
  }
  if (complaints.length > 0) {
    const shown = complaints.slice(0, MOST_SHOWN).join('\n');
    throw new Error(`${complaints.length} secrets of this run were found where none may be:\n${shown}`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `Secrets canary: ${secrets.size} secrets, 0 hits in ${(bytes / 1e6).toFixed(0)} MB of ${new Set(names.map(placeOf)).size} places (${seconds} s)\n`,
  );
}

const placeOf = (name: string) => name.split(' ').slice(1, -1).join(' ');

/** With what stands around it, but not itself. */
function describe(name: string, haystack: Buffer, secret: string, at: number): string {
  const around = haystack
    .subarray(Math.max(0, at - 120), at)
    .toString('latin1')
    .replace(/\s+/g, ' ');
  return `  ${placeOf(name)}: one that begins with ${secret.slice(0, 3)}, after "${around}"`;
}
