import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gatheredApart, knownFanOuts, onePerTenantButForThePlatform } from '../support/distributed/known-fan-outs.ts';
import { distributeOverStandIn } from '../support/distributed/stand-in-database.ts';
import { StatementCheck, type Verdict } from '../support/distributed/statement-check.ts';
import { cloneTestDatabase } from '../support/test-database.ts';

const registered = vi.hoisted(() => new Map<string, string>());
vi.mock('../../src/database/statement.ts', async (original) => {
  const real = await original<typeof import('../../src/database/statement.ts')>();
  return {
    ...real,
    statement: (...given: Parameters<typeof real.statement>) => {
      const made = real.statement(...given);
      registered.set(made.name, made.text);
      return made;
    },
  };
});
/** Statements are made when their file is loaded. Those of lists, put together from filters, are looked at by `npm run test:distributed`. */
const files = globSync('src/**/{*.repository,*.sql,run-batch,record-audit}.ts');

const database = await cloneTestDatabase();
await distributeOverStandIn(database.ownerUrl);
const check = await StatementCheck.open(database.ownerUrl);
afterAll(async () => {
  await check[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Settings, and the queue's own tables, which are its owner's. */
const isElsewhere = (text: string) => /graphile_worker|\*\/ set /.test(text);

describe('on tables that are distributed by the tenant', () => {
  const verdicts: Verdict[] = [];
  const namesOf = (reach: Verdict['reach']) =>
    verdicts.filter((verdict) => verdict.reach === reach).map(({ name }) => name);

  beforeAll(async () => {
    for (const file of files) await import(resolve(file));
    for (const [name, text] of registered) if (!isElsewhere(text)) verdicts.push(await check.check({ name, text }));
  }, 60_000);

  test('every statement that does not have to ask all machines asks one', () => {
    expect(verdicts.length).toBeGreaterThan(300);
    expect(namesOf('ALL').sort()).toEqual(Object.values(knownFanOuts).flat().sort());
    expect(namesOf('ALL_FOR_PLATFORM').sort()).toEqual(onePerTenantButForThePlatform);
  });

  test('no statement does what Citus refuses', () => {
    const refused = verdicts.filter(({ refusals }) => refusals.length > 0);
    expect(refused.filter(({ name }) => !gatheredApart.includes(name))).toEqual([]);
    expect(refused.map(({ name }) => name).sort()).toEqual(gatheredApart);
  });
});

describe('the check itself', () => {
  const place = '(select unnest($1::uuid[]) as root, unnest($2::uuid[]) as id) w';
  const breaches: readonly (readonly [string, string, Partial<Verdict> | string | RegExp])[] = [
    [
      'a look-up without its tenant goes to all',
      'select name from organization where id = $1',
      { reach: 'ALL', refusals: [] },
    ],
    [
      'one with it goes to one',
      'select name from organization where root_provider_id = $1 and id = $2',
      { reach: 'ONE', refusals: [] },
    ],
    [
      'one with a tenant that may be left out goes to one or to all',
      'select name from organization where ($1::uuid is null or root_provider_id = $1) and id = $2',
      { reach: 'ALL_FOR_PLATFORM' },
    ],
    [
      'two tenants in one statement go to two',
      'select from organization a, organization b where a.root_provider_id = $1 and b.root_provider_id = $2 and a.id = b.id',
      { reach: 'ALL' },
    ],
    [
      'what belongs to a row is at its tenant',
      `select (select count(*) from api_key k where k.root_provider_id = o.root_provider_id and k.organization_id = o.id)
       from organization o where o.root_provider_id = $1`,
      { reach: 'ONE' },
    ],
    [
      'what belongs to a row, looked for at every tenant, is not',
      'select (select count(*) from api_key k where k.organization_id = o.id) from organization o where o.root_provider_id = $1',
      { reach: 'ALL' },
    ],
    [
      'a row is written where its tenant is',
      `insert into audit_unsealed (root_provider_id, event_id) values ($1, $2)`,
      { reach: 'ONE' },
    ],
    [
      'rows of many tenants are not',
      `insert into audit_unsealed (root_provider_id, event_id) select root, id from ${place}`,
      { reach: 'ALL' },
    ],
    [
      'a join that leaves out the tenant',
      'select from organization o join api_key k on k.organization_id = o.id',
      /is not joined with/,
    ],
    [
      'locks at many tenants',
      'select from organization where id = $1 for update',
      'could not run distributed query with FOR UPDATE/SHARE commands',
    ],
    [
      'what is computed otherwise on another machine',
      `update organization set created_at = created_at + interval '1 day' where root_provider_id = $1`,
      'STABLE functions used in UPDATE queries cannot be called with column references',
    ],
    [
      'a clock of each machine',
      'update organization set created_at = clock_timestamp() where root_provider_id = $1',
      'functions used in modifications must not be VOLATILE',
    ],
    [
      'a choice between such',
      'update organization set created_at = coalesce(created_at, now()) where root_provider_id = $1',
      'non-IMMUTABLE functions are not allowed in CASE or COALESCE statements',
    ],
    [
      'an answer that depends on the session',
      'delete from api_session where root_provider_id = $1 returning created_at::text',
      'non-IMMUTABLE functions are not allowed in the RETURNING clause',
    ],
    [
      'the same in an upsert',
      `insert into audit_chain (root_provider_id, sequence, hash, sealed_at) values ($1, 1, '', $2)
       on conflict (root_provider_id) do update set sealed_at = now()`,
      'functions used in the DO UPDATE SET clause of INSERTs must be marked IMMUTABLE',
    ],
    [
      "the platform's own tables in one statement with a tenant's",
      'select from rate_limit r join organization o on o.name = r.key where o.root_provider_id = $1',
      'rate_limit stays on the coordinator, and is read together with organization',
    ],
  ];

  test.for(breaches)('%s', async ([name, text, found]) => {
    const verdict = await check.check({ name, text });
    if (found instanceof RegExp) expect(verdict.refusals).toEqual([expect.stringMatching(found)]);
    else if (typeof found === 'string') expect(verdict.refusals).toContain(found);
    else expect(verdict).toMatchObject(found);
  });
});
