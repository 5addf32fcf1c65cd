import { describe, expect } from 'vitest';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import type { Permission } from '../../../src/identity/permissions.ts';
import { newId, type ServiceAccountId, type ServiceAccountSecretId } from '../../../src/ids.ts';
import { revokeServiceAccount } from '../../../src/service-account/service-account.service.ts';
import { listSecretHashes } from '../../../src/service-account/service-account-secret.repository.ts';
import {
  addServiceAccountSecret,
  revokeServiceAccountSecret,
} from '../../../src/service-account/service-account-secret.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { test as base, type KeyWorld, type Person } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';
import { createTestServiceAccount } from '../../support/service-accounts.ts';

/** An account of the organization, made by its administrator. */
const test = base.extend('account', ({ world }) =>
  createTestServiceAccount(world.keyward.services, world.orgAdmin, world.organization, [
    'apiKey:view',
    'apiKey:manage',
  ]),
);

function secretsOf({ keyward, organization }: KeyWorld, serviceAccountId: ServiceAccountId) {
  const { rootProviderId } = organization;
  return keyward.services.database.read(PLATFORM_SCOPE, (tx) =>
    listSecretHashes(tx, { rootProviderId, serviceAccountId }),
  );
}

async function onlySecretOf(world: KeyWorld, id: ServiceAccountId) {
  const [secret, ...more] = await secretsOf(world, id);
  if (secret === undefined || more.length > 0) throw new Error('it has one secret');
  return { rootProviderId: world.organization.rootProviderId, secretId: secret.id };
}

const strangers: readonly Person[] = ['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin'];

describe('a second secret', () => {
  test('comes beside the first, is told once, and is one audit row', async ({ world, account }) => {
    const input = { id: account.id, idempotencyKey: 'second' };
    const rows = await auditOf(world.keyward.database, async () => {
      const first = await addServiceAccountSecret(world.as(world.orgAdmin), input);
      const replay = await addServiceAccountSecret(world.as(world.orgAdmin), input);
      expect(first.clientSecret?.expose()).toMatch(/^kws_/);
      expect(first.clientSecret?.expose()).not.toBe(account.clientSecret);
      expect(replay).toEqual({ id: first.id, clientSecret: null });
    });
    expect(await secretsOf(world, account.id)).toHaveLength(2);
    expect(rows).toMatchObject([
      { action: 'service_account.add_secret', result: 'OK', target: account.id, after: { name: account.name } },
    ]);
  });

  test('is the last one, also of ten asked for at once', async ({ world, account }) => {
    const input = { id: account.id, idempotencyKey: null };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => addServiceAccountSecret(world.as(world.orgAdmin), input)),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(refused).toEqual(Array(9).fill('LIMIT_REACHED'));
    expect(await secretsOf(world, account.id)).toHaveLength(2);
    const expected = {
      code: 'LIMIT_REACHED',
      action: 'service_account.add_secret',
      actor: world.orgAdmin,
      trail: world.organization,
    } as const;
    await expectRefusal(world.keyward.database, expected, () =>
      addServiceAccountSecret(world.as(world.orgAdmin), input),
    );
  });

  test('is for those only who could have created the account: it opens all that the account may do', async ({
    world,
    account,
  }) => {
    const { orgAdmin, keyward } = world;
    const actor = { ...orgAdmin, permissions: new Set<Permission>(['staff:manage', 'apiKey:view']) };
    const delegated = { ...world.providerAdmin, onBehalfOf: 'Another provider' };
    for (const one of [actor, delegated, world.orgViewer, world.providerSupport]) {
      const expected = {
        code: 'FORBIDDEN',
        action: 'service_account.add_secret',
        actor: one,
        trail: world.organization,
      } as const;
      await expectRefusal(keyward.database, expected, () =>
        addServiceAccountSecret(world.as(one), { id: account.id, idempotencyKey: null }),
      );
    }
    await revokeServiceAccount(world.as(actor), { id: account.id, idempotencyKey: null }); // revoking is
  });
});

describe('a revoked secret', () => {
  test('is gone, the other one stays, and it is one audit row', async ({ world, account }) => {
    const { orgAdmin, keyward } = world;
    const first = await onlySecretOf(world, account.id);
    await addServiceAccountSecret(world.as(orgAdmin), { id: account.id, idempotencyKey: null });
    const rows = await auditOf(keyward.database, async () => {
      const id = await revokeServiceAccountSecret(world.as(orgAdmin), { secret: first, idempotencyKey: null });
      expect(id).toBe(account.id);
    });
    const left = await secretsOf(world, account.id);
    expect(left.map(({ id }) => id)).not.toContain(first.secretId);
    expect(left).toHaveLength(1);
    expect(rows).toMatchObject([
      {
        action: 'service_account.revoke_secret',
        result: 'OK',
        target: account.id,
        before: { secretId: first.secretId },
      },
    ]);
    expect(
      await refusalOf(() => revokeServiceAccountSecret(world.as(orgAdmin), { secret: first, idempotencyKey: null })),
    ).toMatchObject({ code: 'NOT_FOUND', field: ['secretId'] });
    await addServiceAccountSecret(world.as(orgAdmin), { id: account.id, idempotencyKey: null });
  });

  test.for(strangers)('of somebody else is to %s as none', async (person, { world, account }) => {
    const actor = world[person];
    const secret = await onlySecretOf(world, account.id);
    const madeUp = { ...secret, secretId: newId<'ServiceAccountSecret'>() as ServiceAccountSecretId };
    const answers = [];
    for (const one of [secret, madeUp, null]) {
      const action = 'service_account.revoke_secret';
      const expected = { code: 'NOT_FOUND', action, actor, trail: actor.home } as const;
      const { error } = await expectRefusal(world.keyward.database, expected, () =>
        revokeServiceAccountSecret(world.as(actor), { secret: one, idempotencyKey: null }),
      );
      answers.push([error.code, error.message, error.field]);
    }
    expect(answers).toEqual(Array(3).fill(answers[0]));
  });
});

describe('a revoked account', () => {
  test('is dead for good: its secrets are gone and it gets no new one', async ({ world, account }) => {
    const { orgAdmin, keyward } = world;
    const input = { id: account.id, idempotencyKey: null };
    const rows = await auditOf(keyward.database, () => revokeServiceAccount(world.as(orgAdmin), input));
    expect(rows).toMatchObject([
      { action: 'service_account.revoke', result: 'OK', target: account.id, before: { revokedAt: null } },
    ]);
    expect(await secretsOf(world, account.id)).toEqual([]);
    expect(await refusalOf(() => addServiceAccountSecret(world.as(orgAdmin), input))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['serviceAccountId'],
    });
    const revokedAt = () =>
      keyward.database.query('select revoked_at from service_account where id = $1', [account.id]);
    const [first] = await revokedAt();
    await revokeServiceAccount(world.as(world.providerAdmin), input); // again: it stays as it was
    expect(await revokedAt()).toEqual([first]);
  });

  test.for(strangers)(
    'of somebody else is to %s as none, and so is one that gets a secret',
    async (person, { world, account }) => {
      const actor = world[person];
      const answers = [];
      for (const id of [account.id, newId<'ServiceAccount'>(), actor.id as ServiceAccountId, null]) {
        for (const [action, call] of [
          ['service_account.revoke', revokeServiceAccount],
          ['service_account.add_secret', addServiceAccountSecret],
        ] as const) {
          const expected = { code: 'NOT_FOUND', action, actor, trail: actor.home } as const;
          const { error } = await expectRefusal(world.keyward.database, expected, () =>
            call(world.as(actor), { id, idempotencyKey: null }),
          );
          answers.push([error.code, error.message, error.field]);
        }
      }
      expect(answers).toEqual(Array(8).fill(answers[0]));
    },
  );
});
