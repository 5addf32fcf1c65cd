import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

export interface SourceFile {
  /** Relative to the root of the repository, as in `src/api-key/api-key.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Of any file of ours. */
export const MOST_LINES = 300;

/** Of a function. Components of the console may be longer, because markup is: it has a line for nearly every attribute. */
export const MOST_LINES_OF_FUNCTION = { src: 65, web: 115 };

/** Our own sources beneath a folder, without what is generated and what is installed. */
export async function readSources(folder = 'src'): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.map((entry) => join(folder, entry)).filter((path) => path.endsWith('.ts'));
  const own = paths.filter((path) => !/^src\/generated\/|\/(node_modules|dist)\//.test(path)).sort();
  return Promise.all(own.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

export interface Import {
  readonly specifier: string;
  /** Gone from the built file: it names types only. */
  readonly isTypeOnly: boolean;
}

export function parse({ path, text }: SourceFile) {
  return parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }, path).body;
}

/** What a file imports, each module once; dynamic imports of a literal count as well. */
export function importsOf(source: SourceFile): Import[] {
  const isValueOf = new Map<string, boolean>();
  const add = (specifier: string, isValue: boolean) =>
    isValueOf.set(specifier, isValue || isValueOf.get(specifier) === true);
  for (const node of parse(source)) {
    if (node.type === 'ImportDeclaration') {
      const isAllTypes =
        node.specifiers.length > 0 &&
        node.specifiers.every((name) => name.type === 'ImportSpecifier' && name.importKind === 'type');
      add(node.source.value, node.importKind !== 'type' && !isAllTypes);
    } else if (
      node.type === 'ExportAllDeclaration' ||
      (node.type === 'ExportNamedDeclaration' && node.source !== null)
    ) {
      add(node.source?.value ?? '', true);
    }
  }
  for (const [, specifier] of source.text.matchAll(/\bimport\('([^']+)'\)/g)) add(specifier ?? '', true);
  return [...isValueOf].map(([specifier, isValue]) => ({ specifier, isTypeOnly: !isValue }));
}

/** Names what the file passes on from another one. */
export function reExportsOf(source: SourceFile): string[] {
  return parse(source).flatMap((node) => {
    if (node.type !== 'ExportAllDeclaration' && node.type !== 'ExportNamedDeclaration') return [];
    return node.source === null ? [] : [node.source.value];
  });
}

/** Names of the exported functions that no comment stands before. */
export function uncommentedFunctionsOf(source: SourceFile): string[] {
  return parse(source).flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.declaration?.type !== 'FunctionDeclaration') return [];
    const isCommented = source.text.slice(0, node.start).trimEnd().endsWith('*/');
    return isCommented ? [] : [node.declaration.id?.name ?? '(unnamed)'];
  });
}

/** Where a function begins that has more lines than these; one within another counts for both. */
export function longFunctionsOf(source: SourceFile, most: number): string[] {
  const linesIn = (from: number, to: number) => source.text.slice(from, to).split('\n').length;
  return [...functionsIn(parse(source))].flatMap(({ start, end }) => {
    const lines = linesIn(start, end);
    return lines > most ? [`line ${linesIn(0, start)}: ${lines} lines`] : [];
  });
}

const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

interface Span {
  readonly start: number;
  readonly end: number;
}

function* functionsIn(tree: unknown): Generator<Span> {
  if (typeof tree !== 'object' || tree === null) return;
  if (isFunction(tree)) yield tree;
  for (const part of Object.values(tree)) yield* functionsIn(part);
}

function isFunction(node: object): node is Span {
  return 'type' in node && typeof node.type === 'string' && functions.includes(node.type);
}
