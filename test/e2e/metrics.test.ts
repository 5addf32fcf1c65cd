import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { test as base, describe, expect } from 'vitest';
import { parse } from 'yaml';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { findFleetSummary } from '../../src/fleet/fleet-summary.repository.ts';
import { giveDatabaseBack, takeDatabaseAway } from '../support/database-outage.ts';
import { createTestOrganization } from '../support/fixtures.ts';
import { credentialsOf, openGateway } from '../support/gateways.ts';
import { connect } from '../support/graphql-client.ts';
import { disableByProvider } from '../support/key-states.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { send } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/test-installation.ts';

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

const test = base.extend('served', async ({}, { onCleanup }) => {
  const server = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 } });
  onCleanup(() => server[Symbol.asyncDispose]());
  return { server, world: await createKeyWorld(server) };
});

async function scrape({ metricsUrl }: TestServer): Promise<{ readonly text: string; readonly samples: Sample[] }> {
  if (metricsUrl === null) throw new Error('metrics are off');
  const { status, text } = await send(metricsUrl);
  expect(status).toBe(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.map((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return { name, labels, value: Number(value) };
  });
  return { text, samples };
}

/** The sum over all label values that are not given. */
function total(samples: readonly Sample[], name: string, ...labels: readonly string[]): number {
  const found = samples.filter(
    (sample) => sample.name === name && labels.every((label) => sample.labels.includes(label)),
  );
  return found.reduce((sum, { value }) => sum + value, 0);
}

/** Some of everything that is counted. */
async function haveTraffic(server: TestServer, world: Awaited<ReturnType<typeof createKeyWorld>>): Promise<void> {
  const gateway = await openGateway(server, world.providerAdmin, world.tenants.reseller);
  const credentials = await credentialsOf(world);
  for (let call = 0; call < 3; call++) await gateway.verify(credentials);
  await gateway.verify({ ...credentials, key: 'abcDEF123456' });
  const client = await connect(server.url, world.people.providerAdmin);
  await client.query('{ organizations { nodes { name } } }');
  await client.query('{ noSuchField }').catch(() => undefined);
  await send(`${server.url}/no/such/${world.organization.organizationId}`);
}

describe('metrics', () => {
  test('count requests by route and status, decisions by code, and calls in batches', async ({ served }) => {
    const { server, world } = served;
    await haveTraffic(server, world);
    const { samples } = await scrape(server);
    const requests = 'keyward_http_request_duration_seconds_count';
    expect(total(samples, requests, 'route="/v1/keys/verify"', 'status="200"', 'method="POST"')).toBe(4);
    expect(total(samples, requests, 'route="/graphql"', 'status="200"')).toBe(1);
    expect(total(samples, requests, 'route="/graphql"', 'status="400"')).toBe(1);
    expect(total(samples, requests, 'status="404"')).toBe(1);
    expect(total(samples, 'keyward_decisions_total', 'code="VALID"')).toBe(3);
    expect(total(samples, 'keyward_decisions_total', 'code="NOT_FOUND"')).toBe(1);
    expect(total(samples, 'keyward_decisions_total')).toBe(4);
    // What a first call takes twice is twice in a batch.
    expect(total(samples, 'keyward_decision_batch_size_sum')).toBeGreaterThanOrEqual(4);
    expect(total(samples, 'keyward_decision_batch_size_count')).toBeGreaterThanOrEqual(1);
  });

  test('count the errors that GraphQL answers with status 200', async ({ served: { server, world } }) => {
    const client = await connect(server.url, world.people.orgViewer);
    await client.query('{ noSuchField }').catch(() => undefined);
    await server.database.query('revoke select on subscription from keyward_runtime');
    await client.query('{ organizations { nodes { subscription { plan } } } }').catch(() => undefined);
    await server.database.query('grant select on subscription to keyward_runtime');
    const { samples } = await scrape(server);
    expect(total(samples, 'keyward_graphql_errors_total', 'code="VALIDATION_FAILED"')).toBe(1);
    expect(total(samples, 'keyward_graphql_errors_total', 'code="INTERNAL"')).toBe(1);
  });

  test('tell how long the oldest event waits to be chained', async ({ served: { server } }) => {
    await server.database.query(
      `insert into audit_unsealed (root_provider_id, event_id) values (gen_random_uuid(),
        (lpad(to_hex((extract(epoch from now() - interval '10 minutes') * 1000)::bigint), 12, '0') || repeat('7', 20))::uuid)`,
    );
    const seconds = total((await scrape(server)).samples, 'keyward_audit_unsealed_oldest_seconds');
    expect(seconds).toBeGreaterThanOrEqual(600);
    expect(seconds).toBeLessThan(900);
  });

  test('show the pools, the event loop, what is done each minute, and what the process does', async ({ served }) => {
    const { samples } = await scrape(served.server);
    for (const [pool, most] of [
      ['requests', 10],
      ['decisions', 4],
      ['background', 8],
    ] as const) {
      expect(total(samples, 'keyward_database_connections_max', `pool="${pool}"`)).toBe(most);
      expect(total(samples, 'keyward_database_waiting', `pool="${pool}"`)).toBe(0);
    }
    expect(total(samples, 'keyward_database_connections', 'pool="requests"')).toBeGreaterThan(0);
    expect(total(samples, 'keyward_database_up')).toBe(1);
    expect(total(samples, 'keyward_info', 'role="all"')).toBe(1);
    expect(samples.some(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });

  test('count the keys as the fleet summary does, and the jobs that wait and that gave up', async ({ served }) => {
    const { server, world } = served;
    await disableByProvider(world);
    const ended = await createTestOrganization(server.services, world.tenants.platformAdmin, world.tenants.reseller);
    await server.database.query(
      `update subscription set starts_at = now() - interval '2 days', ends_at = now() - interval '1 day' where organization_id = $1`,
      [ended.organizationId],
    );
    await server.database.query(
      `select graphile_worker.add_job('nobody_does_this', run_at => now() - interval '90 seconds'),
         graphile_worker.add_job('nor_this', max_attempts => 1, run_at => now() + interval '1 day')`,
    );
    await server.database.query(
      `update graphile_worker._private_jobs set attempts = 1, last_error = 'no reason' where max_attempts = 1`,
    );
    const { samples } = await scrape(server);
    const summary = await server.services.database.read(PLATFORM_SCOPE, (tx) =>
      findFleetSummary(tx, PLATFORM_SCOPE, null, new Date()),
    );
    const [enabled, disabled, expired, empty] = ['enabled', 'disabled', 'expired', 'empty'].map((state) =>
      total(samples, 'keyward_api_keys', `state="${state}"`),
    );
    expect([enabled, empty]).toEqual([summary.enabledCount, summary.emptyCount]);
    expect([disabled, expired]).toEqual([1, 1]);
    expect(summary.disabledCount).toBe(2);
    expect(total(samples, 'keyward_jobs_waiting')).toBe(1);
    expect(total(samples, 'keyward_jobs_oldest_seconds')).toBeGreaterThan(89);
    expect(total(samples, 'keyward_jobs_failed')).toBe(1);
  });

  test('tell of what is due each minute when it was last done, and of what never was', async ({
    served: { server },
  }) => {
    await server.database.query(
      `insert into scheduled_job (name, queued_at, succeeded_at)
       values ('send_mails', now(), to_timestamp(1800000000)), ('roll_up_usage', now(), null),
         ('of_another_version', now(), null)
       on conflict (name) do update set succeeded_at = excluded.succeeded_at`,
    );
    const { samples } = await scrape(server);
    const told = samples.filter(({ name }) => name === 'keyward_scheduled_job_last_success_timestamp_seconds');
    expect(told.find(({ labels }) => labels === 'task="send_mails"')?.value).toBe(1_800_000_000);
    expect(told.find(({ labels }) => labels === 'task="roll_up_usage"')?.value).toBe(0);
    expect(told.some(({ labels }) => labels === 'task="of_another_version"')).toBe(false);
  });

  test('ask for the keys at most once a minute, however often they are scraped', async ({ served: { server } }) => {
    await Promise.all([scrape(server), scrape(server)]);
    await scrape(server);
    const asked = server.logLines.filter((line) => line.includes('metrics.key_states'));
    expect(asked).toHaveLength(1);
  });

  test('name no tenant and no person', async ({ served }) => {
    const { server, world } = served;
    await haveTraffic(server, world);
    const { text } = await scrape(server);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/i);
    const names = await server.database.query<{ name: string }>(
      `select name from organization union select name from service_provider union select username from staff_member`,
    );
    for (const { name } of names) expect(text).not.toContain(name);
  });

  test('stay readable without the database, and say that it is away', { timeout: 60_000 }, async ({
    served: { server },
  }) => {
    await scrape(server);
    await takeDatabaseAway(server);
    // What was found just before the outage holds for a few seconds.
    const up = async () => total((await scrape(server)).samples, 'keyward_database_up');
    await expect.poll(up, { timeout: 20_000 }).toBe(0);
    const { samples } = await scrape(server);
    expect(total(samples, 'keyward_info')).toBe(1);
    expect(samples.some(({ name }) => name === 'keyward_jobs_waiting')).toBe(false);
    await giveDatabaseBack(server);
    await expect.poll(up, { timeout: 20_000 }).toBe(1);
    expect((await scrape(server)).samples.some(({ name }) => name === 'keyward_jobs_waiting')).toBe(true);
  });

  test('are told until what runs in the background has ended', async () => {
    const server = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 } });
    const holder = new pg.Client({ connectionString: server.database.ownerUrl });
    await holder.connect();
    await holder.query('begin; lock table scheduled_job');
    const waiting = `select from pg_locks where not granted and relation = 'scheduled_job'::regclass`;
    await expect
      .poll(async () => (await server.database.query(waiting)).length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    const stopped = server[Symbol.asyncDispose]();
    try {
      const healthz = async () => (await send(`${server.url}/healthz`).catch(() => null))?.status ?? 'closed';
      await expect.poll(healthz, { timeout: 10_000 }).toBe('closed');
      expect(total((await scrape(server)).samples, 'keyward_info')).toBe(1);
    } finally {
      await holder.end();
      await stopped;
    }
  });

  test('are off unless they are asked for, and never at the port of clients', async () => {
    await using server = await startTestServer();
    expect(server.metricsUrl).toBeNull();
    expect((await send(`${server.url}/metrics`)).status).toBe(404);
  });
});

/** Metrics in PromQL, with the labels that it asks of them. */
function metricsIn(expression: string): { readonly name: string; readonly labels: string[] }[] {
  return [...expression.matchAll(/\b((?:keyward|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']) => ({
      name,
      labels: [...matchers.matchAll(/(\w+)\s*[=!]~?/g)].map(([, label = '']) => label),
    }),
  );
}

/** Of every scraped sample, by Prometheus itself. */
const ownLabels = new Set(['instance', 'job']);

async function expressionsOfDashboard(): Promise<string[]> {
  const { panels } = JSON.parse(await readFile('ops/grafana/keyward.json', 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

async function expressionsOfAlerts(): Promise<string[]> {
  const { groups } = parse(await readFile('ops/prometheus/alerts.yml', 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string; action: string } }[] }[];
  };
  const rules = groups.flatMap(({ rules }) => rules);
  for (const { annotations } of rules) expect([annotations.summary, annotations.action]).not.toContain(undefined);
  return rules.map(({ expr }) => expr);
}

describe.for([
  ['the dashboard', expressionsOfDashboard],
  ['the alert rules', expressionsOfAlerts],
] as const)('%s', ([, expressionsOf]) => {
  test('asks for nothing that a server does not tell', async ({ served }) => {
    const { server, world } = served;
    await haveTraffic(server, world);
    await server.database.query('update scheduled_job set succeeded_at = now()');
    const { samples } = await scrape(server);
    const expressions = await expressionsOf();
    expect(expressions.length).toBeGreaterThan(10);
    const told = new Map<string, Set<string>>();
    for (const { name, labels } of samples) {
      const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
      told.set(name, new Set([...(told.get(name) ?? ownLabels), ...names]));
    }
    for (const expression of expressions) {
      const wanted = metricsIn(expression);
      expect(wanted.length + Number(expression.includes('up{'))).toBeGreaterThan(0);
      for (const { name, labels } of wanted) {
        expect(told.has(name), `${name} in ${expression}`).toBe(true);
        for (const label of labels) expect([...(told.get(name) ?? [])], `${name} in ${expression}`).toContain(label);
      }
    }
  });
});
