import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import type { RequestContext, Services } from '../../src/context.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { ensureRuntimeLogin } from '../../src/database/runtime-login.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { openInstallation } from '../../src/installation.ts';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { contextOf, createStaff } from '../../test/support/fixtures.ts';
import { freePort } from '../../test/support/free-port.ts';
import { bearer } from '../../test/support/graphql-client.ts';
import { type ChildServer, startChild } from './child-server.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

export interface BenchInstallation extends AsyncDisposable {
  readonly services: Services;
  readonly ctx: RequestContext;
  readonly ownerUrl: string;
  /** The settings of a server of it. */
  readonly env: Readonly<Record<string, string>>;
  /** As the role that the application works as. */
  readonly runtimeUrl: string;
  readonly provider: ServiceProviderRef;
  readonly organizations: readonly OrganizationRef[];
  /** Signs the provider's administrator in. @returns the authorization header */
  signIn(url: string): Promise<string>;
  /** A Keyward server of its own process over the same database. @param args after `serve` */
  startServer(args?: readonly string[]): Promise<ChildServer>;
}

/** A real PostgreSQL (durable, as shipped) with one provider and its organizations, each with a key. */
export async function openBenchInstallation(organizationCount: number): Promise<BenchInstallation> {
  await using cleanup = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward-bench-'));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres(dataDir);
  cleanup.defer(() => postgres.stop());
  const env = {
    DATABASE_URL: postgres.connectionString,
    KEYWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    KEYWARD_LOG_LEVEL: 'warn',
  };
  const installation = cleanup.use(await openInstallation(readConfig(env), pino({ level: 'silent' }), 'AS_SERVER'));
  const { services } = installation;
  const platformAdmin = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
  const asPlatform = contextOf(services, platformAdmin.actor);
  const provider = await createServiceProvider(asPlatform, {
    name: 'Bench',
    parent: null,
    baseUrl: null,
    idempotencyKey: null,
  });
  const admin = await createStaff(services, 'PROVIDER_ADMIN', provider);
  const ctx = contextOf(services, admin.actor);
  const organizations: OrganizationRef[] = [];
  for (let index = 0; index < organizationCount; index++) organizations.push(await onboard(ctx, provider, index));
  await installation.analyze();
  const kept = cleanup.move();
  return {
    services,
    ctx,
    ownerUrl: postgres.connectionString,
    env,
    runtimeUrl: await ensureRuntimeLogin(postgres.connectionString),
    provider,
    organizations,
    signIn: async (url) => (await bearer(url, admin)).authorization,
    startServer: async (args = []) =>
      startChild([...(process.env['BENCH_NODE_FLAGS']?.split(' ') ?? []), 'dist/cli.js', 'serve', ...args], {
        ...env,
        HOST: '127.0.0.1',
        PORT: String(await freePort()),
      }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function onboard(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef,
  index: number,
): Promise<OrganizationRef> {
  const name = `Organization ${index}`;
  const organization = await createOrganization(ctx, { serviceProvider, name, externalId: null, idempotencyKey: null });
  await applySubscription(ctx, {
    organization,
    plan: 'API Business',
    startsAt: null,
    endsAt: new Date(ctx.now.getTime() + YEAR_MS),
    callThreshold: null,
    thresholdPeriod: null,
    idempotencyKey: null,
  });
  return organization;
}
