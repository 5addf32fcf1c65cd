import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineBindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

// A program of its own: the engine takes a process for itself. It writes the SQL for prisma/schema.prisma to its standard
// output, and looks at the empty database DATABASE_URL meanwhile.

/** The part that is used here: TypeScript types WebAssembly for browsers only. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

async function startEngine(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(path.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engineBindings });
  engineBindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start !== 'function') throw new Error('the schema engine has no entry point');
  start();
}

/** The SQL by which Prisma would make the tables of a schema in an empty database. */
async function sqlOfPrismaSchema(content: string, connectionString: string): Promise<string> {
  await startEngine();
  const pool = new pg.Pool({ connectionString, max: 1 });
  try {
    const engine = await engineBindings.SchemaEngine.new(
      { datamodels: [['schema.prisma', content]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool)),
    );
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    if (!stdout) throw new Error('the schema engine gave no script');
    return stdout;
  } finally {
    await pool.end();
  }
}

process.stdout.write(
  await sqlOfPrismaSchema(await readFile('prisma/schema.prisma', 'utf8'), process.env['DATABASE_URL'] ?? ''),
);
