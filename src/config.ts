import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ApiSessionSettings } from './api-session/api-session.ts';
import { type LogLevel, logLevels } from './log.ts';
import type { MailerOptions } from './mail/mailer.ts';
import type { RemoteConfig } from './remote/remote-server.ts';
import { KEY_FORM, parseKey } from './secrets/parse-key.ts';
import { Secret } from './secrets/secret.ts';
import { SetupError } from './setup-error.ts';
import type { TracingOptions } from './watching/tracing-options.ts';

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
  /** 256 bits. Null: the built-in database's is in a file of the data directory; for an external one there is none. */
  readonly keyEncryptionKey: Buffer | null;
  /** The one before it, until everything is wrapped anew. */
  readonly previousKeyEncryptionKey: Buffer | null;
  /** `host` or `host:port`, lower case: where requests may go although it is no public address, or speaks no https. */
  readonly allowedPrivateHosts: readonly string[];
  /** Addresses and networks whose word counts on where a request came from: `X-Forwarded-*`. */
  readonly trustedProxies: readonly string[];
  /** Whether clients may read the schema by queries, and are told names like the one they misspelt. */
  readonly introspection: boolean;
  /** How many one actor may send, at all processes of the database together. */
  readonly requestsPerMinute: number;
  readonly apiSessionSettings: ApiSessionSettings;
  /** Where the built console is. */
  readonly consoleDir: string;
  /** Where Prometheus finds metrics; null: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  /** Where traces go; null: there are none. */
  readonly tracing: TracingOptions | null;
  /** A statement that takes longer is told to the log. */
  readonly slowStatementMs: number;
  /** How long the process goes on after it was told to stop, saying at `/readyz` that it is about to. */
  readonly stopDelayMs: number;
  /** How long an endpoint may take to answer a webhook. */
  readonly webhookTimeoutMs: number;
  /** Null: no mail is sent. */
  readonly mail: MailerOptions | null;
  /** Where signed heads of the audit chains are appended, outside the database; null: nowhere. */
  readonly auditCheckpointFile: string | null;
  readonly logLevel: LogLevel;
}

/** In which a load balancer that asks every second or two has found out. */
const STOP_DELAY_SECONDS = 5;

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

const integer = (lowest: number, highest: number) => z.coerce.number().int().min(lowest).max(highest);
const postgresUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\/.*\/[^/?]+/.test(text) && URL.canParse(text),
    'must be postgres://user:password@host:port/database',
  );

const smtpUrl = z
  .string()
  .refine(
    (text) => /^smtps?:$/.test(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.hostname !== '',
    'must be smtp://user:password@host:port, or smtps:// for TLS from the first byte',
  );

const hosts = z
  .string()
  .transform((text) =>
    text
      .toLowerCase()
      .split(',')
      .map((host) => host.trim()),
  )
  .refine(
    (list) => list.every((host) => /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(host)),
    'must be hosts without a scheme, separated by commas, such as idp.internal:8443',
  );

const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .refine((list) => list.every(isNetwork), 'must be addresses or networks, separated by commas, such as 10.0.0.0/8');

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const httpUrl = z.url({ protocol: /^https?$/ });

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
  KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY: z.string().optional(),
  KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY_FILE: z.string().optional(),
  KEYWARD_TRUSTED_PROXIES: networks.default([]),
  KEYWARD_INTROSPECTION: z.enum(['on', 'off']).optional(),
  KEYWARD_REQUESTS_PER_MINUTE: integer(1, 1_000_000_000).default(120_000),
  KEYWARD_API_SESSION_IDLE_MINUTES: integer(5, 20).default(5),
  // An obfuscated key says 1,000 s of its time: with more, it would fit a second one that is as good.
  KEYWARD_API_LOGIN_CLOCK_SKEW_SECONDS: integer(1, 499).default(300),
  NODE_ENV: z.string().optional(),
  KEYWARD_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  KEYWARD_ALLOWED_PRIVATE_HOSTS: hosts.default([]),
  KEYWARD_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  KEYWARD_METRICS_PORT: integer(1, 65_535).optional(),
  KEYWARD_SLOW_STATEMENT_MS: integer(1, 60_000).default(1000),
  // As every program that sends traces is told where.
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('keyward'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_SDK_DISABLED: z.stringbool().default(false),
  KEYWARD_STOP_DELAY_SECONDS: integer(0, 300).optional(),
  KEYWARD_WEBHOOK_TIMEOUT_SECONDS: integer(1, 60).default(15),
  KEYWARD_SMTP_URL: smtpUrl.optional(),
  KEYWARD_MAIL_FROM: z
    .string()
    .regex(/^([^<>@"\p{Cc}]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u, 'must be an address, or Name <address>')
    .optional(),
  KEYWARD_MAIL_DIGEST_MINUTES: integer(1, 1440).default(15),
  KEYWARD_AUDIT_CHECKPOINT_FILE: z.string().optional(),
  KEYWARD_LOG_LEVEL: z.enum(logLevels).default('warn'),
});
type Environment = z.infer<typeof environment>;

/** Every setting of a server. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

/** @throws SetupError that names the setting and says what it must be; never its value */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SetupError(`The setting ${String(issue?.path[0])} is wrong: ${issue?.message}.`);
  }
  const settings = parsed.data;
  const isProduction = settings.NODE_ENV === 'production';
  return {
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.KEYWARD_PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${settings.PORT}`,
    dataDir: dataDirOf(settings),
    database: databaseOf(settings),
    databasePoolSize: settings.KEYWARD_DATABASE_POOL_SIZE,
    preparedStatements: settings.KEYWARD_PREPARED_STATEMENTS === 'on',
    keyEncryptionKey: keyOf(settings, 'KEYWARD_KEY_ENCRYPTION_KEY'),
    previousKeyEncryptionKey: previousKeyOf(settings),
    allowedPrivateHosts: settings.KEYWARD_ALLOWED_PRIVATE_HOSTS,
    trustedProxies: settings.KEYWARD_TRUSTED_PROXIES,
    introspection: (settings.KEYWARD_INTROSPECTION ?? (isProduction ? 'off' : 'on')) === 'on',
    requestsPerMinute: settings.KEYWARD_REQUESTS_PER_MINUTE,
    apiSessionSettings: {
      idleTimeoutMs: settings.KEYWARD_API_SESSION_IDLE_MINUTES * 60_000,
      clockSkewMs: settings.KEYWARD_API_LOGIN_CLOCK_SKEW_SECONDS * 1000,
    },
    consoleDir: resolve(packageRoot, 'dist', 'web'),
    metrics: metricsOf(settings),
    tracing: tracingOf(settings),
    slowStatementMs: settings.KEYWARD_SLOW_STATEMENT_MS,
    stopDelayMs: (settings.KEYWARD_STOP_DELAY_SECONDS ?? (isProduction ? STOP_DELAY_SECONDS : 0)) * 1000,
    webhookTimeoutMs: settings.KEYWARD_WEBHOOK_TIMEOUT_SECONDS * 1000,
    mail: mailOf(settings),
    auditCheckpointFile: auditCheckpointFileOf(settings),
    logLevel: settings.KEYWARD_LOG_LEVEL,
  };
}

function metricsOf({ KEYWARD_METRICS_HOST: host, KEYWARD_METRICS_PORT: port, PORT }: Environment): Config['metrics'] {
  if (port === undefined) return null;
  if (port === PORT)
    throw new SetupError('KEYWARD_METRICS_PORT and PORT are the same: set one of them to another port.');
  return { host, port };
}

function tracingOf(settings: Environment): TracingOptions | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = settings;
  const url = whole ?? (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`);
  if (url === undefined || settings.OTEL_SDK_DISABLED) return null;
  return { url, serviceName: settings.OTEL_SERVICE_NAME, ratio: settings.OTEL_TRACES_SAMPLER_ARG };
}

function mailOf({ KEYWARD_SMTP_URL: url, KEYWARD_MAIL_FROM: from, ...settings }: Environment): MailerOptions | null {
  if (url === undefined) return null;
  if (from === undefined) {
    throw new SetupError(
      'KEYWARD_SMTP_URL is set without KEYWARD_MAIL_FROM: set that one to the address mails are from.',
    );
  }
  return { url: new Secret(url), from, pauseMs: settings.KEYWARD_MAIL_DIGEST_MINUTES * 60_000 };
}

/** The built-in database's is beside it. An external one's belongs where its superuser cannot write: that must be said. */
function auditCheckpointFileOf(settings: Environment): string | null {
  const { KEYWARD_AUDIT_CHECKPOINT_FILE: file } = settings;
  if (file !== undefined) return resolve(file);
  return settings.DATABASE_URL === undefined ? join(dataDirOf(settings), 'audit-checkpoints.ndjson') : null;
}

function dataDirOf({ KEYWARD_DATA_DIR: given }: Environment): string {
  return given === undefined ? resolve(packageRoot, '.keyward') : resolve(given);
}

function databaseOf(settings: Environment): Config['database'] {
  const { DATABASE_URL: ownerUrl, KEYWARD_DATABASE_RUNTIME_URL: runtimeUrl } = settings;
  if (ownerUrl === undefined) {
    if (runtimeUrl === undefined) return { kind: 'EMBEDDED' };
    throw new SetupError(
      'KEYWARD_DATABASE_RUNTIME_URL is set without DATABASE_URL: set DATABASE_URL to the owner of the tables.',
    );
  }
  return { kind: 'EXTERNAL', ownerUrl, runtimeUrl: runtimeUrl ?? null };
}

/** A key comes in the setting of that name, or in the file that the setting `…_FILE` names. */
function keyOf(
  settings: Environment,
  name: 'KEYWARD_KEY_ENCRYPTION_KEY' | 'KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY',
): Buffer | null {
  const { [name]: text, [`${name}_FILE` as const]: file } = settings;
  if (text !== undefined && file !== undefined) {
    throw new SetupError(`${name} and ${name}_FILE are both set: keep one of them.`);
  }
  if (text !== undefined) return requireKey(name, text);
  if (file === undefined) return null;
  if (!existsSync(file)) throw new SetupError(`${name}_FILE names a file that does not exist.`);
  return requireKey(`The file that ${name}_FILE names`, readFileSync(file, 'utf8'));
}

function previousKeyOf(settings: Environment): Buffer | null {
  const previous = keyOf(settings, 'KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY');
  const { DATABASE_URL, KEYWARD_KEY_ENCRYPTION_KEY: text, KEYWARD_KEY_ENCRYPTION_KEY_FILE: file } = settings;
  if (previous === null || DATABASE_URL === undefined || text !== undefined || file !== undefined) return previous;
  throw new SetupError(
    'KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY is set without KEYWARD_KEY_ENCRYPTION_KEY: set that one to the new key (`openssl rand -base64 32`).',
  );
}

function requireKey(setting: string, text: string): Buffer {
  const key = parseKey(text);
  if (key === null) throw new SetupError(`${setting} must be ${KEY_FORM}.`);
  return key;
}

const remoteEnvironment = z.object({
  KEYWARD_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:4000'),
  KEYWARD_TOKEN: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  KEYWARD_CLIENT_ID: z.string().optional(),
  KEYWARD_CLIENT_SECRET: z.string().optional(),
});

/** For commands that ask a running server. @throws SetupError that names the setting, never its value */
export function readRemoteConfig(env: NodeJS.ProcessEnv = process.env): RemoteConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = remoteEnvironment.safeParse(given);
  if (!parsed.success) throw new SetupError(`The setting ${String(parsed.error.issues[0]?.path[0])} is wrong.`);
  const { KEYWARD_URL, KEYWARD_TOKEN: token, KEYWARD_CLIENT_ID: clientId, KEYWARD_CLIENT_SECRET: secret } = parsed.data;
  const url = KEYWARD_URL.replace(/\/$/, '');
  if (token !== undefined) return { url, credentials: { kind: 'TOKEN', token: new Secret(token) } };
  if (clientId === undefined || secret === undefined) {
    throw new SetupError('Set KEYWARD_TOKEN, or KEYWARD_CLIENT_ID and KEYWARD_CLIENT_SECRET of a service account.');
  }
  return { url, credentials: { kind: 'CLIENT', clientId, clientSecret: new Secret(secret) } };
}
