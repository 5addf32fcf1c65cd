import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { test } from '../support/graphql-world.ts';
import { CONSOLE_DIRECTORY } from '../support/test-installation.ts';

const MOST_FIRST_SCREEN_BYTES = 245_000;
const asBrowser = { accept: 'text/html,application/xhtml+xml' };

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

/** A chunk and everything that it cannot run without. */
function withImports(manifest: Readonly<Record<string, Chunk>>, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) withImports(manifest, imported, found);
  return found;
}

test.for(['src/screens/overview/overview-page.tsx', 'src/screens/organizations/organizations-page.tsx'])(
  'what a browser runs to show %s is small',
  async (screen) => {
    const manifest: Record<string, Chunk> = JSON.parse(
      await readFile(join(CONSOLE_DIRECTORY, '.vite/manifest.json'), 'utf8'),
    );
    const files = withImports(manifest, screen, withImports(manifest, 'index.html'));
    let bytes = 0;
    for (const file of files) bytes += gzipSync(await readFile(join(CONSOLE_DIRECTORY, file))).length;
    expect(files.size).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(MOST_FIRST_SCREEN_BYTES);
  },
);

test('the page is never kept, lets in no script but ours, and is another for everybody', async ({ server }) => {
  const pages = await Promise.all(
    ['/', '/organizations/x'].map((path) => fetch(`${server.url}${path}`, { headers: asBrowser })),
  );
  const policies = pages.map(({ headers }) => headers.get('content-security-policy') ?? '');
  for (const [index, page] of pages.entries()) {
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = policies[index] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-|https?:|\*/);
    const [, nonce = '?'] = /'nonce-([^']+)'/.exec(policy) ?? [];
    expect(await page.text()).toContain(`content="${nonce}"`);
  }
  expect(policies[0]).not.toBe(policies[1]);
});

test('files of the page are kept for good, and come compressed', async ({ server }) => {
  const page = await fetch(`${server.url}/`, { headers: asBrowser }).then((answer) => answer.text());
  const [, script = ''] = /<script[^>]+src="([^"]+)"/.exec(page) ?? [];
  const answer = await fetch(`${server.url}${script}`, { headers: { 'accept-encoding': 'br' } });
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(answer.headers.get('content-type')).toContain('javascript');
});

test.for(['/nothing', '/assets/nothing.js', '/graphql/nothing'])(
  '%s is nothing to a program',
  async (path, { server }) => {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  },
);

test.for(['/healthz', '/graphql', '/exports/organizations', '/.well-known/jwks.json'])(
  '%s is the same to a browser as to a program',
  async (path, { server }) => {
    const answer = await fetch(`${server.url}${path}`, { headers: asBrowser });
    expect(answer.headers.get('content-type')).not.toContain('text/html');
  },
);
