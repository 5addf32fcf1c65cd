import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Elsewhere for whoever tries something beside a running server. */
const outDir = process.env['KEYWARD_CONSOLE_DIR'] ?? fileURLToPath(new URL('../dist/web', import.meta.url));
/** Below it the smaller answer saves no packet. */
const SMALLEST_COMPRESSED_BYTES = 1024;

/** Puts x.br and x.gz beside every text file, once for all answers. */
function compressed(): Plugin {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle() {
      const folder = join(outDir, 'assets');
      const names = (await readdir(folder)).filter((name) => /\.(js|css|svg|json)$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const content = await readFile(join(folder, name));
          if (content.length < SMALLEST_COMPRESSED_BYTES) return;
          await writeFile(join(folder, `${name}.br`), await brotli(content));
          await writeFile(join(folder, `${name}.gz`), await zip(content, { level: 9 }));
        }),
      );
    },
  };
}

/** What only the screen needs that runs queries by hand. */
const HEAVY = /graphiql|monaco|prettier/;

const server = process.env['KEYWARD_URL'] ?? 'http://localhost:4000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    target: 'es2023',
    rolldownOptions: {
      output: {
        // A screen in a few files: what every page begins with, what many screens share, and its own.
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'] },
            { name: 'shared', test: (id) => !HEAVY.test(id), minShareCount: 8 },
          ],
        },
      },
      onwarn(warning, warn) {
        // Words of React's compiler that GraphiQL's files still begin with.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: {
    port: 4001,
    strictPort: true,
    proxy: Object.fromEntries(
      ['/graphql', '/auth/', '/exports/', '/imports/', '/audit/export'].map((path) => [path, server]),
    ),
  },
});
