import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { test as base, describe, expect, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';
import { type FrailLink, openFrailLink } from '../../support/frail-link.ts';
import { startGatewayProcess } from '../../support/gateway-process.ts';
import { credentialsOf, gatewayWith } from '../../support/gateways.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { temporaryDirectory } from '../../support/keyward-process.ts';
import { createTestServiceAccount, tokenOf } from '../../support/service-accounts.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

/** `npm run test:gateway` asks for 30 s. */
const OUTAGE_MS = Number(process.env['KEYWARD_OUTAGE_MS'] ?? 3000);
/** Gateways give up later than that. */
const LONGEST_ANSWER_MS = 2500;
const BACK_WITHIN_MS = 2000;
const CLIENTS = 8;

interface Answer {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly status: number;
  readonly code: string;
}

/** A PostgreSQL of its own that can be stopped and started again, and a gateway process that reaches it by a frail link. */
interface Setting extends AsyncDisposable {
  readonly link: FrailLink;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  ask(): Promise<Answer>;
  /** Calls counted by now. */
  used(): Promise<number>;
}

const own = (ownerUrl: string): TestDatabase => ({
  ownerUrl,
  query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    const { rows } = await client.query<Row>(sql, [...values]).finally(() => client.end());
    return rows;
  },
  [Symbol.asyncDispose]: async () => undefined,
});

async function prepare(ownerUrl: string, keyEncryptionKey: Buffer) {
  await using keyward = await openInstallationOn(own(ownerUrl), { keyEncryptionKey });
  const world: KeyWorld = await createKeyWorld(keyward);
  const { reseller } = world.tenants;
  const account = await createTestServiceAccount(keyward.services, world.providerAdmin, reseller, ['gateway:verify']);
  return { account, credentials: await credentialsOf(world), organization: world.organization };
}

async function openSetting(): Promise<Setting> {
  await using cleanup = new AsyncDisposableStack();
  const keyEncryptionKey = randomBytes(32);
  const directory = cleanup.use(await temporaryDirectory());
  let postgres = await startEmbeddedPostgres(directory.path);
  cleanup.defer(() => postgres.stop());
  const link = cleanup.use(await openFrailLink(postgres.connectionString));
  const { account, credentials, organization } = await prepare(postgres.connectionString, keyEncryptionKey);
  const child = cleanup.use(await startGatewayProcess(link.url, keyEncryptionKey));
  const gateway = gatewayWith(child.url, await tokenOf(child.url, account));
  const kept = cleanup.move();
  return {
    link,
    stopDatabase: async () => {
      link.leadTo(null);
      await postgres.stop();
    },
    startDatabase: async () => {
      postgres = await startEmbeddedPostgres(directory.path);
      link.leadTo(postgres.connectionString);
    },
    ask: async () => {
      const askedAt = performance.now();
      const { status, body } = await gateway.verify(credentials);
      return { askedAt, answeredAt: performance.now(), status, code: body.code };
    },
    used: async () => {
      const [row] = await own(postgres.connectionString).query<{ used: number }>(
        'select used::int from usage_counter where organization_id = $1',
        [organization.organizationId],
      );
      return row?.used ?? 0;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Asks with several clients while `during` runs. */
async function askMeanwhile(
  { ask }: Setting,
  during: (answers: readonly Answer[]) => Promise<void>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let isDone = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isDone) {
      answers.push(await ask());
      await wait(10); // as clients are: they do something between two calls
    }
  });
  await during(answers).finally(() => {
    isDone = true;
  });
  await Promise.all(clients);
  return answers;
}

const test = base.extend('setting', async ({}, { onCleanup }) => {
  const setting = await openSetting();
  onCleanup(() => setting[Symbol.asyncDispose]());
  return setting;
});

describe('while the database is away', { timeout: OUTAGE_MS + 60_000 }, () => {
  const cases: [string, (setting: Setting) => Promise<void>, (setting: Setting) => Promise<void>][] = [
    ['stopped', ({ stopDatabase }) => stopDatabase(), ({ startDatabase }) => startDatabase()],
    ['silent', async ({ link }) => link.setSilent(true), async ({ link }) => link.setSilent(false)],
  ];
  test.for(cases)('(%s) no call is accepted, and each is answered in time', async ([, away, back], { setting }) => {
    const at = { leaving: 0, away: 0, returning: 0, back: 0 };
    const isAfter = ({ askedAt }: Answer) => askedAt >= at.back + BACK_WITHIN_MS;
    const answers = await askMeanwhile(setting, async (sofar) => {
      await vi.waitUntil(() => sofar.length >= 2 * CLIENTS, 10_000);
      at.leaving = performance.now();
      await away(setting);
      at.away = performance.now();
      await wait(OUTAGE_MS);
      await vi.waitUntil(() => sofar.some(({ askedAt }) => askedAt >= at.away), 10_000);
      at.returning = performance.now();
      await back(setting);
      at.back = performance.now();
      await vi.waitUntil(() => sofar.filter(isAfter).length > CLIENTS, 60_000);
    });
    expect(Math.max(...answers.map(({ askedAt, answeredAt }) => answeredAt - askedAt))).toBeLessThan(LONGEST_ANSWER_MS);
    const before = answers.filter(({ answeredAt }) => answeredAt < at.leaving);
    expect(new Set(before.map(({ code }) => code))).toEqual(new Set(['VALID']));
    const meanwhile = answers.filter(({ askedAt, answeredAt }) => askedAt >= at.away && answeredAt < at.returning);
    expect(meanwhile.length).toBeGreaterThan(0);
    expect(new Set(meanwhile.map(({ status, code }) => `${status} ${code}`))).toEqual(
      new Set(['503 DECISION_UNAVAILABLE']),
    );
    expect(new Set(answers.filter(isAfter).map(({ code }) => code))).toEqual(new Set(['VALID']));
    const accepted = answers.filter(({ code }) => code === 'VALID').length;
    expect(await setting.used()).toBeGreaterThanOrEqual(accepted);
    expect(await setting.used()).toBeLessThanOrEqual(accepted + 2 * CLIENTS);
  });
});
