import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasmBindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { type FindBlockers, type LockPatience, runMigrationScript } from './run-migration-script.ts';

export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

export interface MigrationOutcome {
  readonly applied: string[];
  readonly failure: Error | null;
}

/** The part that is used here: TypeScript types WebAssembly for browsers only. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const datamodel = 'datasource db {\n  provider = "postgresql"\n}\n';

/** The engine leaves a timer of ten seconds behind, which must not keep a finished command alive. */
function importsOfEngine(): Record<string, unknown> {
  const bindings = Object.entries(wasmBindings).map(([name, binding]): [string, unknown] => {
    if (!name.startsWith('__wbg_setTimeout_')) return [name, binding];
    return [name, (callback: () => void, delayMs: number) => setTimeout(callback, delayMs).unref()];
  });
  return Object.fromEntries(bindings);
}

let loading: Promise<void> | undefined;

/** Once in a process: its bindings keep one instance, and a second one breaks what the first still has to finish. */
function loadEngineOnce(): Promise<void> {
  loading ??= loadEngine();
  return loading;
}

async function loadEngine(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(path.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': importsOfEngine() });
  wasmBindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start !== 'function') throw new Error('The migration engine has no entry point');
  start();
}

/**
 * The adapter cuts scripts at every semicolon, also inside of function bodies, and runs each piece on its own. Here a
 * script is one simple query: what PostgreSQL runs as one transaction, unless the script says otherwise.
 */
function runScriptsWhole(
  pool: pg.Pool,
  runScript: (script: string) => Promise<void>,
  onFailure: (error: Error) => void,
): PrismaPg {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      await runScript(script).catch((error: unknown) => {
        if (error instanceof Error) onFailure(error);
        throw error;
      });
    };
    return adapter;
  };
  return factory;
}

function migrationList(migrationsDir: string, migrations: readonly MigrationFile[]) {
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

/** What a script does about locks that others hold. */
export interface Locks {
  readonly patience: LockPatience;
  readonly findBlockers: FindBlockers;
}

/** Applies the migrations that the database lacks, in order, and stops at the first that fails. */
export async function applyWithPrismaEngine(
  connectionString: string,
  migrationsDir: string,
  migrations: readonly MigrationFile[],
  { patience, findBlockers }: Locks,
): Promise<MigrationOutcome> {
  const pool = new pg.Pool({ connectionString, max: 1, application_name: 'keyward migrate' });
  pool.on('error', () => undefined); // the statement under way fails with it
  let scriptFailure: Error | null = null;
  try {
    await loadEngineOnce();
    const runScript = (script: string) => runMigrationScript(pool, script, patience, findBlockers);
    const factory = runScriptsWhole(pool, runScript, (error) => (scriptFailure = error));
    const engine = await wasmBindings.SchemaEngine.new(
      { datamodels: [['schema.prisma', datamodel]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(factory),
    );
    const migrationsList = migrationList(migrationsDir, migrations);
    const filters = { externalTables: [], externalEnums: [] };
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters });
    return { applied: appliedMigrationNames, failure: null };
  } catch (error) {
    const failure = scriptFailure ?? (error instanceof Error ? error : new Error(String(error)));
    return { applied: [], failure };
  } finally {
    await pool.end();
  }
}
