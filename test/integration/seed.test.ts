import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findSlots, lockSlot } from '../../src/api-key/api-key.repository.ts';
import {
  type ApiKeyStatus,
  apiKeyStatus,
  type DisablementSource,
  disablementSources,
} from '../../src/api-key/api-key.ts';
import type { ApiKeyRef, ApiKeySlot } from '../../src/api-key/api-key-slot.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import type { Services } from '../../src/context.ts';
import { Database } from '../../src/database/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { ensureRuntimeLogin } from '../../src/database/runtime-login.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { logIn } from '../../src/identity/login.service.ts';
import { roles } from '../../src/identity/permissions.ts';
import { PLATFORM_ROOT_ID } from '../../src/ids.ts';
import { LocalKeyEncryptionKey } from '../../src/secrets/key-encryption-key.ts';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { TenantKeys } from '../../src/secrets/tenant-keys.ts';
import type { DemoCredentials } from '../../src/seed/credentials-file.ts';
import { planDemoFleet } from '../../src/seed/demo-fleet.ts';
import { growFleet } from '../../src/seed/grow-fleet.ts';
import type { OrganizationState } from '../../src/seed/organization-states.ts';
import { isEmpty, seedDemo } from '../../src/seed/seed-demo.ts';
import { tellHistory } from '../../src/seed/tell-history.ts';
import { subscriptionStatus } from '../../src/subscription/subscription.ts';

const now = new Date();
const url = 'http://localhost:4000';
const DAY_MS = 86_400_000;

interface Seeded {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;
  readonly services: Services;
  readonly file: string;
  readonly credentials: DemoCredentials;
}
let seeded: Seeded;

/** As the role that the application works as: row-level security and grants hold for the seed too. */
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-seed-'));
  const postgres = await startEmbeddedPostgres(join(folder, 'data'));
  await migrate(postgres.connectionString);
  const log = pino({ level: 'silent' });
  const connectionString = await ensureRuntimeLogin(postgres.connectionString);
  const database = new Database({
    connectionString,
    poolSize: 4,
    statementTimeoutMs: 15_000,
    preparedStatements: true,
    log,
  });
  const keyRing = new KeyRing(new LocalKeyEncryptionKey(randomBytes(32)));
  await database.withTransaction(PLATFORM_SCOPE, (tx) => keyRing.create(tx, PLATFORM_ROOT_ID, now));
  const services = { database, keyRing, publicUrl: url, log };
  const file = join(folder, 'demo-credentials.json');
  expect(await isEmpty(services)).toBe(true);
  const credentials = await seedDemo(services, { now, url, credentialsFile: file });
  seeded = { folder, postgres, services, file, credentials };
}, 60_000);

afterAll(async () => {
  await seeded?.services.database.close();
  await seeded?.postgres.stop();
  if (seeded) await rm(seeded.folder, { recursive: true, force: true });
});

function query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  return seeded.services.database.read(PLATFORM_SCOPE, (tx) => tx.rows<Row>({ name: text.slice(0, 60), text }, values));
}

async function allSlots(): Promise<ApiKeySlot[]> {
  const refs = await query<ApiKeyRef>(
    'select root_provider_id as "rootProviderId", organization_id as "organizationId", kind from api_key',
  );
  return seeded.services.database.read(PLATFORM_SCOPE, (tx) => findSlots(tx, refs));
}

/** How many slots open, and to what is told of them. */
async function countOpening(refs: readonly ApiKeyRef[]): Promise<number> {
  return seeded.services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    let opening = 0;
    for (const ref of refs) {
      const slot = await lockSlot(tx, ref);
      const keyString = slot && (await openKeyString(seeded.services, tx, slot));
      if (slot === null || keyString === null) continue;
      const keys = await seeded.services.keyRing.of(tx, slot.rootProviderId);
      if (keys.fingerprint(keyString) === slot.fingerprint && keyString.lastFour === slot.lastFour) opening++;
    }
    return opening;
  });
}

type Expectation = (status: ApiKeyStatus, sources: readonly DisablementSource[]) => boolean;
const works: Expectation = (status) => status === 'ENABLED';
const isEmptySlot: Expectation = (status) => status === 'NONE';
const isDisabledBy =
  (...expected: DisablementSource[]): Expectation =>
  (status, sources) =>
    status === 'DISABLED' && expected.every((source) => sources.includes(source)) && sources.length === expected.length;
const expectedStatus: Record<OrganizationState, Expectation> = {
  ACTIVE: works,
  ENDING_THIS_MONTH: works,
  ENDING_THIS_WEEK: works,
  EXPIRED: isDisabledBy('SUBSCRIPTION_EXPIRED'),
  CANCELLED: isDisabledBy('SUBSCRIPTION_EXPIRED'),
  SCHEDULED: isEmptySlot,
  SCHEDULED_AFTER_END: isDisabledBy('SUBSCRIPTION_EXPIRED'),
  NO_SUBSCRIPTION: isEmptySlot,
  DISABLED_BY_PROVIDER: isDisabledBy('SERVICE_PROVIDER'),
  DISABLED_BY_PLATFORM: isDisabledBy('PLATFORM'),
  OVER_THRESHOLD: isDisabledBy('CALL_THRESHOLD'),
  DISABLED_BY_PROVIDER_AND_PLATFORM: isDisabledBy('SERVICE_PROVIDER', 'PLATFORM'),
  DISABLED_BY_PROVIDER_AND_THRESHOLD: isDisabledBy('SERVICE_PROVIDER', 'CALL_THRESHOLD'),
  DISABLED_WITHOUT_KEY: isDisabledBy('SERVICE_PROVIDER'),
  EXPIRED_AND_DISABLED: isDisabledBy('SERVICE_PROVIDER', 'SUBSCRIPTION_EXPIRED'),
  KEY_DELETED: isEmptySlot,
};

const logInAs = (username: string, password: string) =>
  logIn(seeded.services, { username, password: new Secret(password), now, requestId: 'test', ipAddress: null });

describe('the demo fleet', () => {
  test('has two root providers with three resellers, and 300 organizations spread over all five', async () => {
    expect(await isEmpty(seeded.services)).toBe(false);
    const rows = await query<{ isRoot: boolean; baseUrl: string | null; organizations: number }>(
      `select p.parent_id is null as "isRoot", p.base_url as "baseUrl",
         (select count(*)::int from organization o where o.provider_id = p.id) as organizations from service_provider p`,
    );
    expect(rows.filter(({ isRoot }) => isRoot)).toHaveLength(2);
    expect(rows).toHaveLength(5);
    expect(rows.filter(({ baseUrl }) => baseUrl !== null)).toHaveLength(1);
    expect(rows.reduce((sum, { organizations }) => sum + organizations, 0)).toBe(300);
    expect(Math.min(...rows.map(({ organizations }) => organizations))).toBeGreaterThanOrEqual(30);
  });

  test('has names as the console must bear them: 120 characters, right-to-left, many scripts, unique at each provider', async () => {
    const rows = await query<{ name: string; place: string; externalId: string | null }>(
      'select name, provider_id || name_folded as place, external_id as "externalId" from organization',
    );
    const names = rows.map(({ name }) => name);
    expect(Math.max(...names.map((name) => name.length))).toBe(120);
    for (const script of [
      'Latin',
      'Arabic',
      'Hebrew',
      'Han',
      'Hangul',
      'Katakana',
      'Cyrillic',
      'Greek',
      'Thai',
      'Devanagari',
    ]) {
      expect(
        names.filter((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name)),
        script,
      ).not.toHaveLength(0);
    }
    expect(new Set(rows.map(({ place }) => place)).size).toBe(300);
    expect(rows.filter(({ externalId }) => externalId?.match(/^C-\d{5}$/)).length).toBeGreaterThan(150);
    expect(rows.filter(({ externalId }) => externalId === null).length).toBeGreaterThan(50);
  });

  test('shows every state that the rules know, and most organizations work', async () => {
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (const slot of await allSlots()) {
      const { kind, subscription, fingerprint, lastModifiedAt } = slot;
      if (kind === 'SANDBOX_SUBMISSION') {
        if (fingerprint !== null) count('sandbox key');
        continue;
      }
      count(`key ${apiKeyStatus(slot, now)}`);
      count(`disabled by ${disablementSources(slot, now).sort().join(' and ') || 'nothing'}`);
      if (fingerprint === null && lastModifiedAt !== null) count('deleted');
      if (fingerprint === null && slot.disabledBy.length > 0) count('disabled without a key');
      const status = subscription === null ? 'NONE' : subscriptionStatus(subscription, now);
      count(
        `subscription ${status}${status === 'SCHEDULED' && subscription?.previousEndedAt ? ' after an ended one' : ''}`,
      );
      const daysLeft = subscription === null ? 0 : (subscription.endsAt.getTime() - now.getTime()) / DAY_MS;
      if (daysLeft > 0 && daysLeft <= 7) count('ends within 7 days');
      if (daysLeft > 7 && daysLeft <= 30) count('ends within 30 days');
    }
    const least = {
      'key ENABLED': 190,
      'key DISABLED': 70,
      'key NONE': 20,
      'sandbox key': 10,
      deleted: 6,
      'disabled without a key': 3,
      'disabled by SERVICE_PROVIDER': 15,
      'disabled by PLATFORM': 7,
      'disabled by CALL_THRESHOLD': 9,
      'disabled by PLATFORM and SERVICE_PROVIDER': 1,
      'disabled by CALL_THRESHOLD and SERVICE_PROVIDER': 1,
      'disabled by SERVICE_PROVIDER and SUBSCRIPTION_EXPIRED': 3,
      'disabled by SUBSCRIPTION_EXPIRED': 30,
      'subscription NONE': 11,
      'subscription SCHEDULED': 9,
      'subscription SCHEDULED after an ended one': 6,
      'subscription EXPIRED': 31,
      'subscription ACTIVE': 200,
      'ends within 7 days': 10,
      'ends within 30 days': 20,
    };
    for (const [what, expected] of Object.entries(least))
      expect(counts.get(what) ?? 0, what).toBeGreaterThanOrEqual(expected);
    const periods = await query<{ period: string }>(
      'select distinct threshold_period::text as period from subscription where threshold_period is not null order by 1',
    );
    expect(periods.map(({ period }) => period)).toEqual(['DAY', 'HOUR', 'MONTH']);
  });

  test('has groups that share a string, as large as 40, 12, 5 and 2, and no string shared by chance', async () => {
    const groups = await query<{ size: number }>(
      `select count(*)::int as size from api_key where fingerprint is not null
       group by root_provider_id, fingerprint having count(*) > 1 order by 1 desc`,
    );
    expect(groups.map(({ size }) => size)).toEqual([40, 12, 5, 2]);
  });

  test('holds keys that all open to the fingerprint and last four that are told of them', async () => {
    const filled = (await allSlots()).filter(({ fingerprint }) => fingerprint !== null);
    expect(await countOpening(filled)).toBe(filled.length);
  });

  test('tells nothing of the future, nothing out of order, and two years of the past', async () => {
    const [row] = await query<Record<string, number>>(
      `select
         (select count(*)::int from audit_event where at > $1) as "futureEvents",
         (select count(*)::int from api_key where last_modified_at > $1) as "futureKeys",
         (select count(*)::int from api_key where created_at > last_modified_at) as "reversedKeys",
         (select count(*)::int from api_key k join organization o on o.id = k.organization_id where k.last_modified_at < o.created_at) as "earlyKeys",
         (select count(*)::int from disablement where at > $1) as "futureDisablements",
         (select count(*)::int from audit_event e join organization o on o.id = e.organization_id where e.at < o.created_at) as "earlyEvents",
         (select count(*)::int from organization where created_at < $1::timestamptz - interval '600 days') as old,
         (select count(*)::int from organization where created_at > $1::timestamptz - interval '60 days') as young`,
      [now],
    );
    const { old = 0, young = 0, ...wrong } = row ?? {};
    expect(Object.values(wrong)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(old).toBeGreaterThan(20);
    expect(young).toBeGreaterThan(20);
  });

  test('has an audit trail that ends where each key is, and names people who exist', async () => {
    const latest = await query<{ organizationId: string; after: string }>(
      `select distinct on (organization_id, after::jsonb ->> 'kind') organization_id as "organizationId", after
       from audit_event where after::jsonb ? 'fingerprint' order by organization_id, after::jsonb ->> 'kind', at desc`,
    );
    const slots = await allSlots();
    for (const { organizationId, after } of latest) {
      const { kind, version, fingerprint } = JSON.parse(after);
      const slot = slots.find((candidate) => candidate.organizationId === organizationId && candidate.kind === kind);
      expect(slot).toMatchObject({ version, fingerprint });
    }
    expect(latest.length).toBeGreaterThan(150);
    const [row] = await query<Record<string, number>>(
      `select
         (select count(*)::int from organization o where not exists (select from audit_event e
            where e.organization_id = o.id and e.action = 'organization.create')) as "withoutCreation",
         (select count(*)::int from audit_event e where e.actor_id is not null
            and not exists (select from staff_member m where m.id = e.actor_id)) as "byNobody",
         (select count(*)::int from api_key k where k.last_modified_by_id is not null
            and not exists (select from staff_member m where m.id = k.last_modified_by_id)) as "modifiedByNobody",
         (select count(*)::int from disablement d where d.by_id is not null
            and not exists (select from staff_member m where m.id = d.by_id and m.display_name = d.by_name)) as "disabledByNobody"`,
    );
    expect(row).toEqual({ withoutCreation: 0, byNobody: 0, modifiedByNobody: 0, disabledByNobody: 0 });
    const actions = await query<{ action: string; result: string }>('select distinct action, result from audit_event');
    const seen = actions.map(({ action, result }) => `${action} ${result}`);
    for (const action of [
      'auth.login',
      'service_provider.create',
      'organization.create',
      'subscription.apply',
      'subscription.start',
      'subscription.renew',
      'subscription.cancel',
      'api_key.edit',
      'api_key.regenerate',
      'api_key.delete',
      'api_key.reveal',
      'api_key.disable',
      'api_key.enable',
    ])
      expect(seen).toContain(`${action} OK`);
    expect(seen).toContain('api_key.regenerate KEY_DISABLED');
    expect(seen).toContain('api_key.regenerate SUBSCRIPTION_EXPIRED');
  });

  test('has somebody of every role, each signing in with the listed password and with no other', async () => {
    const { users } = seeded.credentials;
    expect(new Set(users.map(({ role }) => role))).toEqual(new Set(roles));
    for (const { username, password, role } of users) {
      expect(password.expose()).toMatch(/^[A-HJ-NP-Za-km-np-z2-9]{20}$/);
      expect(await logInAs(username.toUpperCase(), password.expose())).toMatchObject({ username, role });
    }
    expect(await logInAs(users[0]?.username ?? '', users[1]?.password.expose() ?? '')).toBeNull();
    const providers = await query<{ name: string; parentId: string | null }>(
      'select name, parent_id as "parentId" from service_provider',
    );
    const staff = users.filter(({ organization }) => organization === null);
    for (const { name } of providers) {
      const there = staff.filter(({ serviceProvider }) => serviceProvider === name).map(({ role }) => role);
      expect(there).toEqual(expect.arrayContaining(['PROVIDER_ADMIN', 'PROVIDER_SUPPORT']));
    }
  });

  test('gives organization admins a key that works, one at a reseller, one that the provider disabled, one that expired', async () => {
    const rows = await query<ApiKeyRef & { isReseller: boolean }>(
      `select o.root_provider_id as "rootProviderId", o.id as "organizationId", 'CLOUD_SERVICE' as kind,
         o.provider_id <> o.root_provider_id as "isReseller"
       from staff_member m join organization o on o.id = m.organization_id where m.role = 'ORG_ADMIN'`,
    );
    const slots = await seeded.services.database.read(PLATFORM_SCOPE, (tx) => findSlots(tx, rows));
    const found = slots.map((slot) => {
      const isReseller = rows.find(({ organizationId }) => organizationId === slot.organizationId)?.isReseller;
      return [isReseller ? 'reseller' : 'root', apiKeyStatus(slot, now), ...disablementSources(slot, now)].join(' ');
    });
    expect(found).toEqual(
      expect.arrayContaining([
        'root ENABLED',
        'reseller ENABLED',
        'root DISABLED SERVICE_PROVIDER',
        'root DISABLED SUBSCRIPTION_EXPIRED',
      ]),
    );
  });
});

describe('the credentials file', () => {
  test('is for its owner alone, is whole, and says for each user where they belong', async () => {
    expect((await stat(seeded.file)).mode & 0o777).toBe(0o600);
    expect((await readdir(seeded.folder)).sort()).toEqual(['data', 'demo-credentials.json']);
    const users = seeded.credentials.users.map((user) => ({ ...user, password: user.password.expose() }));
    expect(JSON.parse(await readFile(seeded.file, 'utf8'))).toEqual({ url, users });
    const [row] = await query<{ known: number }>(
      `select count(*)::int as known from staff_member m
       left join organization o on o.id = m.organization_id left join service_provider p on p.id = m.provider_id
       join jsonb_to_recordset($1::jsonb) listed (username text, role text, "serviceProvider" text, organization text)
         on listed.username = m.username and listed.role = m.role::text and listed.organization is not distinct from o.name
         and listed."serviceProvider" is not distinct from p.name`,
      [JSON.stringify(users)],
    );
    expect(row?.known).toBe(users.length);
  });

  test('stays as it is when the fleet is seeded a second time, which is refused', async () => {
    const before = await readFile(seeded.file, 'utf8');
    await expect(seedDemo(seeded.services, { now, url, credentialsFile: seeded.file })).rejects.toMatchObject({
      code: '23505',
    });
    expect(await readFile(seeded.file, 'utf8')).toBe(before);
  });

  test('is a condition of the fleet: where it cannot be written, nothing is seeded', async () => {
    const blocked = join(seeded.folder, 'file');
    await writeFile(blocked, '');
    const admin = {
      connectionString: seeded.postgres.connectionString,
      poolSize: 1,
      statementTimeoutMs: 15_000,
      preparedStatements: true,
    };
    const owner = new Database({ ...admin, log: seeded.services.log });
    await owner.pool.query('create database second');
    await owner.close();
    const connectionString = seeded.postgres.connectionString.replace(/\/keyward$/, '/second');
    await migrate(connectionString);
    const database = new Database({ ...admin, connectionString, log: seeded.services.log });
    const services = { ...seeded.services, database };
    await expect(seedDemo(services, { now, url, credentialsFile: join(blocked, 'x.json') })).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
    expect(await isEmpty(services)).toBe(true);
    await database.close();
    await rm(blocked);
  });
});

describe('the story of the fleet', () => {
  test('breaks no rule of the product and ends in the same states, at whatever hour it is told', () => {
    const keys = new TenantKeys(new Map([[1, randomBytes(32)]]), randomBytes(32));
    for (let hour = 0; hour < 24; hour += 1) {
      const then = new Date(Date.UTC(2028, 1, 29) + hour * 3_600_000 + 1);
      const { drafts, random } = planDemoFleet(then);
      for (const draft of drafts) {
        const history = tellHistory(draft, keys, random, then);
        const slot = history.slots.find(({ kind }) => kind === 'CLOUD_SERVICE');
        expect(
          slot && expectedStatus[draft.state](apiKeyStatus(slot, then), disablementSources(slot, then)),
          draft.state,
        ).toBe(true);
        expect(history.events.every(({ at }) => at <= then)).toBe(true);
      }
    }
  });
});

describe('growing the fleet', () => {
  test('reaches the number, keeps names unique, the mix of states and whole organizations; again, it adds nothing', async () => {
    const counting = `select (select count(*)::int from organization) as organizations,
      (select count(distinct (provider_id, name_folded))::int from organization) as names,
      (select count(distinct (provider_id))::int from organization) as providers,
      (select count(*)::int from api_key) as slots,
      (select count(distinct organization_id)::int from audit_event where action = 'organization.create') as created,
      (select count(*)::int from audit_event where action = 'organization.create' and actor_name = 'System') as "createdBySystem"`;
    const progress: number[] = [];
    const onProgress = (done: number) => progress.push(done);
    await growFleet(seeded.services, { organizations: 1_000, now, onProgress });
    const grown = {
      organizations: 1_000,
      names: 1_000,
      providers: 5,
      slots: 2_000,
      created: 1_000,
      createdBySystem: 700,
    };
    expect(await query(counting)).toEqual([grown]);
    expect(progress).toEqual([1_000]);
    const slots = await allSlots();
    const filled = slots.filter(({ fingerprint }) => fingerprint !== null);
    expect(await countOpening(filled)).toBe(filled.length);
    const enabled = slots.filter((slot) => slot.kind === 'CLOUD_SERVICE' && apiKeyStatus(slot, now) === 'ENABLED');
    expect(enabled.length / 1_000).toBeGreaterThan(0.6);
    expect(enabled.length / 1_000).toBeLessThan(0.8);
    await growFleet(seeded.services, { organizations: 1_000, now });
    await growFleet(seeded.services, { organizations: 10, now });
    expect(await query(counting)).toEqual([grown]);
  });

  test('goes past names and external ids that somebody has taken', async () => {
    await seeded.services.database.withTransaction(PLATFORM_SCOPE, (tx) =>
      tx.count(
        {
          name: 'test.take',
          text: `update organization set external_id = 'C-' || (11000 + n.row)
        from (select id, row_number() over (partition by provider_id order by id) as row from organization) n
        where n.id = organization.id and n.row <= 40`,
        },
        [],
      ),
    );
    await growFleet(seeded.services, { organizations: 1_050, now });
    expect(await query('select count(*)::int as organizations from organization')).toEqual([{ organizations: 1_050 }]);
  });
});
