import { describe, expect } from 'vitest';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { newId, PLATFORM_ROOT_ID } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import {
  countIssuersInSight,
  listTrustedIssuers,
  lookUpTrustedIssuer,
} from '../../../src/single-sign-on/list-trusted-issuers.ts';
import { createTrustedIssuer } from '../../../src/single-sign-on/trusted-issuer.service.ts';
import { secretContext } from '../../../src/single-sign-on/trusted-issuer.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { create, createRole, test } from '../../support/issuer-world.ts';
import { expectListedByProvider } from '../../support/listed-by-provider.ts';
import { auditOf, readRows } from '../../support/rows.ts';
import { issuerInput } from '../../support/single-sign-on-world.ts';

describe('an issuer is trusted', () => {
  test('with its secret sealed, and one audit row without it', async ({ world, good, keyward }) => {
    const secret = 'a-client-secret-Kq8';
    const more = {
      clientId: 'keyward',
      clientSecret: new Secret(secret),
      domains: ['Corp.Example', 'münchen.example'],
    };
    const audit = await auditOf(keyward.database, async () => {
      const ref = await create(world, good, more);
      const found = await lookUpTrustedIssuer(world.as(world.parentAdmin), ref);
      expect(found).toMatchObject({
        issuer: good,
        clientId: 'keyward',
        domains: ['corp.example', 'xn--mnchen-3ya.example'],
        providerId: world.tenants.reseller.serviceProviderId,
        disabledAt: null,
      });
      const sealed = found?.clientSecret ?? null;
      if (sealed === null || found === null) throw new Error('no secret');
      const { services } = keyward;
      const keys = await services.database.withTransaction(PLATFORM_SCOPE, (tx) =>
        services.keyRing.of(tx, found.rootProviderId),
      );
      expect(keys.open(sealed, secretContext(found.id)).expose()).toBe(secret);
      expect(() => keys.open(sealed, secretContext(newId<'TrustedIssuer'>()))).toThrow();
    });
    const { rootProviderId } = world.tenants.reseller;
    const after = { issuer: good, hasClientSecret: true, isEnabled: true };
    expect(audit).toMatchObject([{ action: 'trusted_issuer.create', root_provider_id: rootProviderId, after }]);
    const kept = JSON.stringify(await readRows(keyward.database, [])) + keyward.logLines.join('');
    for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]) {
      expect(kept).not.toContain(form);
    }
  });

  test('for a role of its own of the provider, or of the one above', async ({ world, good }) => {
    const roles = [
      await createRole(world, world.tenants.reseller, ['apiKey:view']),
      await createRole(world, world.tenants.root, ['apiKey:view']),
    ];
    const roleMapping = roles.map((customRole) => ({ value: 'x', role: null, customRole }));
    const ref = await create(world, good, { roleMapping }, world.parentAdmin);
    const found = await lookUpTrustedIssuer(world.as(world.providerAdmin), ref);
    expect(found?.roleMapping).toEqual(roles.map(({ customRoleId }) => ({ value: 'x', role: null, customRoleId })));
  });

  test('once, when the same is asked for again under one idempotency key', async ({ world, good }) => {
    const input = {
      ...issuerInput(world, good),
      clientId: 'c',
      clientSecret: new Secret('first'),
      idempotencyKey: 'k',
    };
    const ctx = world.as(world.providerAdmin);
    expect(await createTrustedIssuer(ctx, input)).toEqual(await createTrustedIssuer(ctx, input));
    const other = () => createTrustedIssuer(ctx, { ...input, clientSecret: new Secret('second') });
    expect((await refusalOf(other)).code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('by one of two who ask for the same audience at once, and by no other tenant after', async ({ world, good }) => {
    const { audience } = issuerInput(world, good);
    const foreign = { audience, serviceProvider: world.tenants.foreignRoot };
    const outcomes = await Promise.allSettled([
      create(world, good, { audience }),
      create(world, good, foreign, world.foreignAdmin),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const error = await refusalOf(() => create(world, good, { audience }));
    expect([error.code, error.field]).toEqual(['DUPLICATE_NAME', ['audience']]);
  });
});

test('each sees those of their own subtree, a page at a time, and people of organizations none', async ({
  world,
  good,
}) => {
  const own = [await create(world, good), await create(world, good), await create(world, good)];
  const siblings = { serviceProvider: world.tenants.otherReseller };
  const sibling = await create(world, good, siblings, world.siblingAdmin);
  const list = async (actor: Actor) => {
    const page = await listTrustedIssuers(world.as(actor), null, { first: 200, after: null });
    return page.items.map(({ id }) => id);
  };
  const ids = own.map(({ trustedIssuerId }) => trustedIssuerId);
  expect(await list(world.providerAdmin)).toEqual(ids);
  expect(await list(world.parentAdmin)).toEqual([...ids, sibling.trustedIssuerId]);
  expect(await list(world.foreignAdmin)).toEqual([]);
  expect(await list(world.orgAdmin)).toEqual([]);
  expect(await list(world.platformAdmin)).toEqual(expect.arrayContaining([...ids, sibling.trustedIssuerId]));
  expect((await refusalOf(() => list(world.providerSupport))).code).toBe('FORBIDDEN');
  const [ref] = own;
  if (ref === undefined) throw new Error('unreachable');
  for (const actor of [world.siblingAdmin, world.foreignAdmin, world.orgAdmin, world.providerViewer]) {
    expect(await lookUpTrustedIssuer(world.as(actor), ref)).toBeNull();
  }
  const first = await listTrustedIssuers(world.as(world.providerAdmin), null, { first: 2, after: null });
  const [, last] = first.items;
  const rest = await listTrustedIssuers(world.as(world.providerAdmin), null, {
    first: 2,
    after: { value: last?.createdAt.toISOString() ?? '', id: last?.id ?? '' },
  });
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids);
  expect([first.hasNextPage, rest.hasNextPage]).toEqual([true, false]);
});

test('each is listed with its provider, with those above, and with no other', async ({ world, good }) => {
  const own = await create(world, good);
  const sibling = await create(world, good, { serviceProvider: world.tenants.otherReseller }, world.siblingAdmin);
  const ids = [own.trustedIssuerId, sibling.trustedIssuerId];
  await expectListedByProvider(world, { list: listTrustedIssuers, count: countIssuersInSight }, ids);
});

test('the platform has issuers of its own, with its own roles', async ({ world, good }) => {
  const roleMapping = [{ value: 'ops', role: 'PLATFORM_ADMIN' as const, customRole: null }];
  const ref = await create(world, good, { serviceProvider: null, roleMapping }, world.platformAdmin);
  expect(ref.rootProviderId).toBe(PLATFORM_ROOT_ID);
  expect(await lookUpTrustedIssuer(world.as(world.providerAdmin), ref)).toBeNull();
});
