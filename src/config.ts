import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { KEY_FORM, parseKey } from './secrets/parse-key.ts';
import { SetupError } from './setup-error.ts';

/** The one reader of the environment. Everything has a default but what an external database needs. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where clients reach this installation. */
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly database:
    | { readonly kind: 'EMBEDDED' }
    | { readonly kind: 'EXTERNAL'; readonly ownerUrl: string; readonly runtimeUrl: string | null };
  readonly databasePoolSize: number;
  readonly preparedStatements: boolean;
  /** 256 bits; null: kept in a file of the data directory, made at the first start. */
  readonly keyEncryptionKey: Buffer | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

const integer = (lowest: number, highest: number) => z.coerce.number().int().min(lowest).max(highest);
const postgresUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\/.*\/[^/?]+/.test(text) && URL.canParse(text),
    'must be postgres://user:password@host:port/database',
  );

const environment = z.object({
  HOST: z.string().min(1).default('localhost'),
  PORT: integer(1, 65_535).default(4000),
  DATABASE_URL: postgresUrl.optional(),
  KEYWARD_DATABASE_RUNTIME_URL: postgresUrl.optional(),
  KEYWARD_DATABASE_POOL_SIZE: integer(1, 1000).default(10),
  KEYWARD_PREPARED_STATEMENTS: z.enum(['on', 'off']).default('on'),
  KEYWARD_DATA_DIR: z.string().min(1).optional(),
  KEYWARD_KEY_ENCRYPTION_KEY: z.string().optional(),
  KEYWARD_KEY_ENCRYPTION_KEY_FILE: z.string().optional(),
  KEYWARD_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  KEYWARD_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
});
type Environment = z.infer<typeof environment>;

/** @throws SetupError that names the setting and says what it must be; never its value */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SetupError(`The setting ${String(issue?.path[0])} is wrong: ${issue?.message}.`);
  }
  const settings = parsed.data;
  return {
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.KEYWARD_PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${settings.PORT}`,
    dataDir:
      settings.KEYWARD_DATA_DIR === undefined ? resolve(packageRoot, '.keyward') : resolve(settings.KEYWARD_DATA_DIR),
    database: databaseOf(settings),
    databasePoolSize: settings.KEYWARD_DATABASE_POOL_SIZE,
    preparedStatements: settings.KEYWARD_PREPARED_STATEMENTS === 'on',
    keyEncryptionKey: keyEncryptionKeyOf(settings),
    logLevel: settings.KEYWARD_LOG_LEVEL,
  };
}

function databaseOf(settings: Environment): Config['database'] {
  const { DATABASE_URL: ownerUrl, KEYWARD_DATABASE_RUNTIME_URL: runtimeUrl } = settings;
  if (ownerUrl === undefined) {
    if (runtimeUrl === undefined) return { kind: 'EMBEDDED' };
    throw new SetupError(
      'KEYWARD_DATABASE_RUNTIME_URL is set without DATABASE_URL: set DATABASE_URL to the owner of the tables.',
    );
  }
  if (settings.KEYWARD_KEY_ENCRYPTION_KEY === undefined && settings.KEYWARD_KEY_ENCRYPTION_KEY_FILE === undefined) {
    throw new SetupError(
      'DATABASE_URL needs a key encryption key of its own: set KEYWARD_KEY_ENCRYPTION_KEY (or …_FILE) to the output of `openssl rand -base64 32`, and keep it safe.',
    );
  }
  return { kind: 'EXTERNAL', ownerUrl, runtimeUrl: runtimeUrl ?? null };
}

function keyEncryptionKeyOf(settings: Environment): Buffer | null {
  const { KEYWARD_KEY_ENCRYPTION_KEY: text, KEYWARD_KEY_ENCRYPTION_KEY_FILE: file } = settings;
  if (text !== undefined && file !== undefined) {
    throw new SetupError(
      'KEYWARD_KEY_ENCRYPTION_KEY and KEYWARD_KEY_ENCRYPTION_KEY_FILE are both set: keep one of them.',
    );
  }
  if (text !== undefined) return requireKey('KEYWARD_KEY_ENCRYPTION_KEY', text);
  if (file === undefined) return null;
  if (!existsSync(file)) throw new SetupError('KEYWARD_KEY_ENCRYPTION_KEY_FILE names a file that does not exist.');
  return requireKey('The file that KEYWARD_KEY_ENCRYPTION_KEY_FILE names', readFileSync(file, 'utf8'));
}

function requireKey(setting: string, text: string): Buffer {
  const key = parseKey(text);
  if (key === null) throw new SetupError(`${setting} must be ${KEY_FORM}.`);
  return key;
}
