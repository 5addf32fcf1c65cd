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

function parse({ path, text }: SourceFile) {
  return parseAst(text, { lang: 'ts' }, path).body;
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
