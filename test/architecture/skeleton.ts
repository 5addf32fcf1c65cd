import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importsOf, type SourceFile } from './sources.ts';

export interface Skeleton extends AsyncDisposable {
  readonly folder: string;
}

/**
 * dependency-cruiser reads TypeScript by the compiler's API, which TypeScript 7 does not have. So it is given the same
 * tree with nothing but the imports among `sources` in it, as JavaScript (`x.ts` becomes `x.ts.js`):
 * `import './x.ts.js'` for what remains in the built file, `export {} from './x.ts.js'` for what names types only. Its
 * dependency types `import` and `export` tell the two apart.
 */
export async function writeSkeleton(sources: readonly SourceFile[]): Promise<Skeleton> {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-imports-'));
  const paths = new Set(sources.map(({ path }) => path));
  for (const source of sources) {
    const lines = importsOf(source)
      .filter(({ specifier }) => specifier.startsWith('.') && paths.has(join(dirname(source.path), specifier)))
      .map(({ specifier, isTypeOnly }) => `${isTypeOnly ? 'export {} from' : 'import'} '${specifier}.js';\n`);
    const file = join(folder, skeletonPathOf(source));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, lines.join(''));
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export function skeletonPathOf({ path }: SourceFile): string {
  return `${path}.js`;
}

/** The source that a file of the skeleton stands for. */
export function sourcePathOf(skeletonPath: string): string {
  return skeletonPath.replace(/\.js$/, '');
}
