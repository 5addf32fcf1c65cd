import { describe, expect } from 'vitest';
import { revealApiKey } from '../../../src/api-key/api-key.service.ts';
import { signAccessToken } from '../../../src/authentication/access-token.ts';
import { createAuthenticate } from '../../../src/authentication/authenticate.ts';
import { beginSession } from '../../../src/authentication/begin-session.ts';
import { endDelegation } from '../../../src/delegation/answer-delegation.service.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { DelegationRef, OrganizationId } from '../../../src/ids.ts';
import { createOrganization } from '../../../src/organization/organization.service.ts';
import { actingUnder, type DelegationWorld, lend, named, test } from '../../support/delegations.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { keyInput, placeOf, type TestStaff } from '../../support/fixtures.ts';
import { insertFleet } from '../../support/fleet.ts';
import { auditOf, readRows } from '../../support/rows.ts';
import { insertServiceAccount } from '../../support/tenant-rows/access.ts';

const from = { requestId: 'test', ipAddress: '192.0.2.1' };
const MINUTE_MS = 60_000;

async function tokenOf({ keyward }: DelegationWorld, { member, actor }: TestStaff, now: Date): Promise<string> {
  const { database, signingKeys } = keyward.services;
  const claims = await database.withTransaction(actor.scope, (tx) => beginSession(tx, member, now, 900));
  return signAccessToken(signingKeys, claims, now);
}

/** What of a credential's request comes of it: a role, or the code of its refusal. */
async function outcomeOf(actor: Promise<Actor | null>): Promise<string | null> {
  return actor.then(
    (found) => found?.role ?? null,
    (error: { code?: string }) => error.code ?? 'an error',
  );
}

describe('a request under a delegation', () => {
  test('is refused from the instant at which it expires', async ({ both }) => {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + 5 * MINUTE_MS);
    const delegation = await lend(both, { expiresAt, role: 'PROVIDER_VIEWER' });
    const token = await tokenOf(both, both.granteeAdmin, now);
    const authenticate = createAuthenticate(both.keyward.services);
    const at = (offsetMs: number) =>
      outcomeOf(authenticate({ token, delegation, ...from }, new Date(expiresAt.getTime() + offsetMs)));
    expect([await at(-1), await at(0), await at(MINUTE_MS), await at(-1)]).toEqual([
      'PROVIDER_VIEWER',
      'FORBIDDEN',
      'FORBIDDEN',
      'PROVIDER_VIEWER',
    ]);
  });

  test.for(['providerAdmin', 'granteeAdmin'] as const)(
    'is refused right after %s has ended it, however often it was allowed before',
    async (side, { both }) => {
      const delegation = await lend(both);
      const token = await tokenOf(both, both.granteeAdmin, new Date());
      const authenticate = createAuthenticate(both.keyward.services);
      const ask = () => outcomeOf(authenticate({ token, delegation, ...from }, new Date()));
      for (let round = 0; round < 3; round++) expect(await ask()).toBe('PROVIDER_ADMIN');
      const actor = side === 'providerAdmin' ? both.providerAdmin : both.granteeAdmin.actor;
      await endDelegation(both.as(actor), { ...named(delegation), note: null });
      expect(await ask()).toBe('FORBIDDEN');
      expect(await outcomeOf(authenticate({ token, delegation: null, ...from }, new Date()))).toBe('PROVIDER_ADMIN');
    },
  );

  test('acts for one service account of the grantee as for its people, within its own permissions', async ({
    both,
  }) => {
    const { services, database } = both.keyward;
    const delegation = await lend(both);
    const now = new Date();
    const actors = [];
    for (const place of [both.grantee, await both.newOrganization(both.grantee), both.grantor]) {
      const account = await insertServiceAccount(database, await placeOf(services, place), [
        'apiKey:view',
        'apiKey:manage',
      ]);
      const claims = {
        kind: 'SERVICE_ACCOUNT',
        rootProviderId: place.rootProviderId,
        serviceAccountId: account.id,
        secretId: account.secretId,
        permissions: ['apiKey:view', 'apiKey:manage'],
      } as const;
      const token = await signAccessToken(services.signingKeys, claims, now);
      actors.push(
        await createAuthenticate(services)({ token, delegation, ...from }, now).catch(
          ({ code }: { code: string }) => code,
        ),
      );
    }
    const [acting, ...others] = actors;
    expect(acting).toMatchObject({ role: 'PROVIDER_ADMIN', permissions: new Set(['apiKey:view', 'apiKey:manage']) });
    expect(others).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });
});

describe('the trail', () => {
  test('names on whose behalf, for what was done and for what was refused', async ({ both }) => {
    const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const [name] = await both.keyward.database.query<{ name: string }>(
      'select name from service_provider where id = $1',
      [both.grantor.serviceProviderId],
    );
    const onBehalfOf = (organizationId: OrganizationId) =>
      both.keyward.database.query(
        'select action, result, on_behalf_of, root_provider_id from audit_event where actor_id = $1 and organization_id = $2 and on_behalf_of is not null',
        [acting.id, organizationId],
      );
    const [one, other] = both.lent;
    await revealApiKey(both.as(acting), keyInput(other));
    await refusalOf(() => revealApiKey(both.as({ ...acting, permissions: new Set() }), keyInput(other)));
    const by = { action: 'api_key.reveal', on_behalf_of: name?.name, root_provider_id: both.grantor.rootProviderId };
    expect(await onBehalfOf(other.organizationId)).toEqual([
      { ...by, result: 'OK' },
      { ...by, result: 'FORBIDDEN' },
    ]);
    expect(await onBehalfOf(one.organizationId)).toEqual([]);
  });

  test('of the grantor has what names nothing of the lent organizations, and an idempotency key is kept there', async ({
    both,
  }) => {
    const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const { rootProviderId } = acting.home;
    const input = { serviceProvider: both.grantor, name: 'Not lent', externalId: null, idempotencyKey: 'kept' };
    const expected = {
      code: 'FORBIDDEN',
      action: 'organization.create',
      actor: acting,
      trail: { rootProviderId, organizationId: null },
    } as const;
    await expectRefusal(both.keyward.database, expected, () => createOrganization(both.as(acting), input));
    const rows = await both.keyward.database.query(
      'select root_provider_id, organization_id from idempotency_key where actor_id = $1 and key = $2',
      [acting.id, 'kept'],
    );
    expect(rows).toEqual([{ root_provider_id: rootProviderId, organization_id: both.lent[0].organizationId }]);
    const again = await refusalOf(() => createOrganization(both.as(acting), input));
    expect(again.code).toBe('FORBIDDEN');
  });

  test('of the grantee has nothing of it', async ({ both }) => {
    const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const written = await auditOf(both.keyward.database, () => revealApiKey(both.as(acting), keyInput(both.lent[0])));
    expect(written.map((event) => event.root_provider_id)).toEqual([both.grantor.rootProviderId]);
  });

  test('that cannot be written keeps a delegate from changing anything', async ({ both }) => {
    const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const { database } = both.keyward;
    await database.query('alter table audit_event add constraint refuse check (on_behalf_of is null) not valid');
    const before = await readRows(database);
    try {
      await expect(revealApiKey(both.as(acting), keyInput(both.lent[0]))).rejects.toMatchObject({ code: '23514' });
    } finally {
      await database.query('alter table audit_event drop constraint refuse');
    }
    expect(await readRows(database)).toEqual(before);
  });
});

test('row-level security alone shows and gives a delegate the lent organizations, and nothing else', async ({
  both,
}) => {
  const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
  const lent = both.lent.map(({ organizationId }) => organizationId as string).sort();
  const { database } = both.keyward.services;
  const columns: Readonly<Record<string, string>> = {
    organization: 'id',
    subscription: 'organization_id',
    api_key: 'organization_id',
    disablement: 'organization_id',
    audit_event: 'organization_id',
    staff_member: 'organization_id',
    staff_session: 'organization_id',
    service_account: 'organization_id',
    custom_role: 'id',
    trusted_issuer: 'id',
    delegation: 'id',
    directory_entry: 'target_id',
  };
  for (const [table, column] of Object.entries(columns)) {
    const text = `select distinct ${column} as id from ${table}`;
    const rows = await database.read(acting.scope, (tx) =>
      tx.rows<{ id: string }>({ name: `test.lent_${table}`, text }, []),
    );
    const isOfOrganizations = column === 'organization_id' || table === 'organization';
    expect(
      rows.map(({ id }) => id).filter((id) => !isOfOrganizations || !lent.includes(id)),
      table,
    ).toEqual([]);
  }
  const providers = { name: 'test.lent_providers', text: 'select id from service_provider' };
  const seen = await database.read(acting.scope, (tx) => tx.rows<{ id: string }>(providers, []));
  expect(seen.map(({ id }) => id).sort()).toEqual(
    [both.grantor.serviceProviderId, both.below.serviceProviderId].sort(),
  );
  const rename = { name: 'test.lent_rename', text: 'update service_provider set name = name where id = $1' };
  const renamed = await database.withTransaction(acting.scope, (tx) =>
    tx.count(rename, [both.below.serviceProviderId]),
  );
  expect(renamed).toBe(0);
});

test('two hundred organizations can be lent at once', async ({ both }) => {
  const { database, services } = both.keyward;
  const { rootProviderId, serviceProviderId } = both.grantor;
  const path = (await placeOf(services, both.grantor)).providerPath;
  const organizations = await insertFleet(database, both.grantor, path, 200);
  const delegation: DelegationRef = await lend(both, { organizations });
  const acting = await actingUnder(both, delegation, both.granteeAdmin.actor);
  expect(acting.scope).toMatchObject({ rootProviderId, providerId: serviceProviderId });
  const last = organizations.at(-1);
  if (last === undefined) throw new Error('unreachable');
  expect((await refusalOf(() => revealApiKey(both.as(acting), keyInput(last)))).code).toBe('KEY_NOT_FOUND');
  expect((await refusalOf(() => revealApiKey(both.as(acting), keyInput(both.lent[0])))).code).toBe('NOT_FOUND');
});
