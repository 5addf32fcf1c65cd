import { describe, expect } from 'vitest';
import { allowCalls, credentialsOf, globalIdOf, openGateway } from '../../support/gateways.ts';
import { test as base } from '../../support/graphql-world.ts';
import { disableByProvider, endSubscription } from '../../support/key-states.ts';
import { commandInput, commands } from '../../support/key-world.ts';

const test = base.extend('gateway', ({ server, world }) =>
  openGateway(server, world.providerAdmin, world.tenants.reseller),
);

const NOBODY = {
  valid: false,
  code: 'NOT_FOUND',
  organizationId: null,
  callsUsed: null,
  callThreshold: null,
  resetsAt: null,
};

describe('a key', () => {
  test('is valid, and every call with it is counted', async ({ world, gateway }) => {
    const credentials = await credentialsOf(world);
    for (const callsUsed of [1, 2, 3]) {
      const { status, body } = await gateway.verify(credentials);
      expect([status, body]).toEqual([
        200,
        {
          valid: true,
          code: 'VALID',
          organizationId: globalIdOf(world.organization),
          callsUsed,
          callThreshold: null,
          resetsAt: expect.stringMatching(/-01T00:00:00\.000Z$/),
        },
      ]);
    }
  });

  test('of somebody else is as unknown as an organization that does not exist', async ({ world, gateway }) => {
    const { organization, key } = await credentialsOf(world);
    for (const asked of [
      { organization, key: 'abcDEF123456' },
      { organization: 'nobody', key },
      {
        organization: globalIdOf({ ...world.organization, organizationId: world.organization.rootProviderId as never }),
        key,
      },
      { organization, key, kind: 'SANDBOX_SUBMISSION' },
    ]) {
      expect((await gateway.verify(asked)).body).toEqual(NOBODY);
    }
  });

  test('is not valid while it is disabled, or its subscription has ended', async ({ world, gateway }) => {
    const credentials = await credentialsOf(world);
    await disableByProvider(world);
    expect((await gateway.verify(credentials)).body).toMatchObject({ valid: false, code: 'DISABLED', callsUsed: 0 });
    await commands.ENABLE(world.as(world.providerAdmin), commandInput(world.organization));
    await endSubscription(world);
    expect((await gateway.verify(credentials)).body).toMatchObject({ valid: false, code: 'SUBSCRIPTION_EXPIRED' });
  });

  test('is disabled by the first call over its threshold, until support enables it', async ({ world, gateway }) => {
    const credentials = await credentialsOf(world);
    await allowCalls(world, 3);
    const codes: string[] = [];
    for (let call = 0; call < 5; call++) codes.push((await gateway.verify(credentials)).body.code);
    expect(codes).toEqual(['VALID', 'VALID', 'VALID', 'THRESHOLD_EXCEEDED', 'THRESHOLD_EXCEEDED']);
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    expect((await gateway.verify(credentials)).body).toMatchObject({ code: 'VALID', callsUsed: 1, callThreshold: 3 });
  });
});
