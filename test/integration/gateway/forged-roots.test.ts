import { expect } from 'vitest';
import { SessionLook } from '../../../src/api-session/session-look.ts';
import { signAccessToken } from '../../../src/authentication/access-token.ts';
import type { Call } from '../../../src/gateway/call.ts';
import { createGateway } from '../../../src/gateway/gateway.service.ts';
import { newId, type OrganizationRef, type ServiceAccountSecretId } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { test as base, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { createTestServiceAccount } from '../../support/service-accounts.ts';

const FORGED = 100;

/** Asks as one process would, for a gateway of that place. */
async function open({ keyward, ...world }: KeyWorld, place: 'PROVIDER' | 'PLATFORM') {
  const { services, database } = keyward;
  const { reseller } = world.tenants;
  const [creator, where] = place === 'PLATFORM' ? [world.platformAdmin, place] : [world.providerAdmin, reseller];
  const account = await createTestServiceAccount(services, creator, where, ['gateway:verify']);
  const [secret] = await database.query<{ id: ServiceAccountSecretId }>(
    'select id from service_account_secret where service_account_id = $1',
    [account.id],
  );
  if (secret === undefined) throw new Error('an account has a secret');
  const claims = { serviceAccountId: account.id, secretId: secret.id, permissions: ['gateway:verify'] as const };
  const { rootProviderId } = creator.home;
  const token = await signAccessToken(
    services.signingKeys,
    { kind: 'SERVICE_ACCOUNT', rootProviderId, ...claims },
    new Date(),
  );
  const gateway = createGateway(services, new SessionLook(services));
  return (call: Call) => gateway.authorizeCall(token, call);
}

const test = base.extend('callOf', async ({ world }) => {
  const { keyString } = await readSlot(world);
  const key = new Secret(keyString ?? '');
  return (organization: OrganizationRef): Call => {
    const presented = { by: 'KEY', organization, key, kind: 'CLOUD_SERVICE' } as const;
    return { presented, cost: 1, method: null, address: null };
  };
});

test.for(['PROVIDER', 'PLATFORM'] as const)(
  'calls that each name another root cost no statement each: gateway of a %s',
  async (place, { world, callOf, keyward }) => {
    const decide = await open(world, place);
    const right = callOf(world.organization);
    expect(await decide(right)).toMatchObject({ code: 'VALID', callsUsed: 1 });
    const forged = Array.from({ length: FORGED }, () =>
      callOf({ ...world.organization, rootProviderId: newId<'ServiceProvider'>() }),
    );
    const earlier = keyward.logLines.length;
    const [last, ...others] = await Promise.all([right, ...forged, right].reverse().map(decide));
    expect(last).toMatchObject({ code: 'VALID', organization: world.organization });
    expect(others.filter(({ code }) => code === 'NOT_FOUND')).toHaveLength(FORGED);
    const statements = keyward.logLines.slice(earlier).map((line) => JSON.parse(line).statement);
    expect(statements).toContain('usage_counter.lock');
    expect(statements.filter((name) => String(name).startsWith('usage_counter.')).length).toBeLessThan(FORGED / 4);
    expect(statements.length).toBeLessThan(FORGED);
  },
);
