import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { longFunctionsOf, MOST_LINES, MOST_LINES_OF_FUNCTION, parse, type SourceFile } from './sources.ts';

async function readWebSources() {
  const entries = await readdir('web/src', { recursive: true });
  const paths = entries.map((entry) => join('web/src', entry)).filter((path) => /\.(tsx?|css)$/.test(path));
  const own = paths.filter((path) => !path.endsWith('.graphql.ts')).sort();
  return Promise.all(own.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

const sources = await readWebSources();
const scripts = sources.filter(({ path }) => /\.tsx?$/.test(path));

function importsOf(source: SourceFile): string[] {
  const fixed = parse(source).flatMap((node) =>
    (node.type === 'ImportDeclaration' ||
      node.type === 'ExportNamedDeclaration' ||
      node.type === 'ExportAllDeclaration') &&
    node.source !== null
      ? [node.source.value]
      : [],
  );
  return [...fixed, ...[...source.text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, specifier]) => specifier ?? '')];
}

/** As seen from web/src: `screens/organizations/organizations-page.tsx`. */
function targetsOf(source: SourceFile): string[] {
  return importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative('web/src', join(dirname(source.path), specifier)));
}

test('the console knows nothing of the server but its schema', () => {
  const outside = scripts.flatMap((source) =>
    targetsOf(source)
      .filter((target) => target.startsWith('..'))
      .map((target) => `${source.path} -> ${target}`),
  );
  expect(outside).toEqual([]);
});

test('no file depends on itself', () => {
  const targets = new Map(scripts.map((source) => [relative('web/src', source.path), targetsOf(source)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (way.includes(path) || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test('what screens share knows no screen', () => {
  const shared = scripts.filter(({ path }) => /^web\/src\/(components|graphql|session|app|[^/]+$)/.test(path));
  const breaches = shared.flatMap((source) =>
    targetsOf(source)
      .filter((target) => target.startsWith('screens/'))
      .map((target) => `${source.path} -> ${target}`),
  );
  expect(breaches).toEqual([]);
});

test(`no file is longer than ${MOST_LINES} lines, and none is a barrel`, () => {
  const long = sources.filter(({ text }) => text.split('\n').length > MOST_LINES + 1);
  expect(long.map(({ path }) => path)).toEqual([]);
  expect(scripts.filter(({ path }) => /^index\.tsx?$/.test(basename(path)))).toEqual([]);
});

test(`no function is longer than ${MOST_LINES_OF_FUNCTION.web} lines`, () => {
  const long = scripts.flatMap((source) =>
    longFunctionsOf(source, MOST_LINES_OF_FUNCTION.web).map((where) => `${source.path}, ${where}`),
  );
  expect(long).toEqual([]);
});

test('nothing is kept in the browser but by local-storage.ts, and nothing is put into the page as HTML', () => {
  const others = scripts.filter(({ path }) => path !== 'web/src/local-storage.ts');
  const breaches = others.filter(({ text }) =>
    /\b(localStorage\.|sessionStorage|indexedDB|document\.cookie|dangerouslySetInnerHTML|innerHTML)/.test(text),
  );
  expect(breaches.map(({ path }) => path)).toEqual([]);
});
