import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect } from 'vitest';
import {
  deleteAuthorizationServer,
  disableAuthorizationServer,
  enableAuthorizationServer,
  updateAuthorizationServer,
} from '../../../src/authorization-server/authorization-server.service.ts';
import type { AuthorizationServerRef } from '../../../src/ids.ts';
import { createServer as addServer, NOTHING_CHANGED, serverCommand } from '../../support/authorization-server-world.ts';
import { callsCounted, createTestGateway, limitCalls, nameOrganization, told } from '../../support/gateway-client.ts';
import { organizationId } from '../../support/graphql-world.ts';
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts';
import { disableByProvider, endSubscription } from '../../support/key-states.ts';
import { commandInput, commands, type KeyWorld } from '../../support/key-world.ts';
import { test as base, newPerson, uniqueAudience } from '../../support/single-sign-on-world.ts';

type Claims = Readonly<Record<string, unknown>>;

interface Site {
  readonly ref: AuthorizationServerRef;
  readonly externalId: string;
  readonly audience: string;
  /** Claims of a token that is right in everything. */
  readonly claims: (more?: Claims) => Claims;
}

async function trustServer(world: KeyWorld, idp: IdentityProvider, name = 'Company login'): Promise<Site> {
  const externalId = await nameOrganization(world);
  const audience = uniqueAudience();
  const { issuer } = idp;
  const ref = await addServer(world, { origin: issuer }, { name, issuer, jwksUrl: `${issuer}/jwks`, audience });
  const claims = (more: Claims = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: issuer,
      aud: audience,
      sub: 'client',
      iat: now,
      exp: now + 300,
      scope: `${externalId}::admin`,
      ...more,
    };
  };
  return { ref, externalId, audience, claims };
}

/** A gateway of the organization's provider, and the organization's own authorization server. */
const test = base
  .extend('gateway', ({ server, world }) => createTestGateway(server, world))
  .extend('site', ({ world, idp }) => trustServer(world, idp));

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });
const REFUSED = [401, 'TOKEN_NOT_VALID', null];

describe('an access token of the organization’s authorization server', () => {
  test('is taken as the server itself issues it, counted, and its roles are told', async ({
    idp,
    world,
    gateway,
    site,
  }) => {
    const person = newPerson(idp, { scp: ['openid', `${site.externalId}::auditor`, `${site.externalId}::admin`] });
    const answer = await gateway.ask(bearing(await idp.accessToken(person, site.audience)));
    expect(told(answer)).toEqual([204, null, organizationId(world.organization)]);
    expect(answer.headers.get('x-api-role')).toBe('auditor admin');
    expect(await callsCounted(world)).toBe(1);
    expect((await gateway.ask(bearing(await idp.accessToken(person, site.audience)), { path: '/x' })).status).toBe(200);
  });

  test('has the organization in a scope, by either of its names', async ({ idp, world, gateway, site }) => {
    const { externalId } = site;
    const id = organizationId(world.organization);
    const accepted: Claims[] = [
      { scope: `${externalId}::admin` },
      { scope: `openid ${externalId}::a other` },
      { scope: `${id}::admin` },
      { scope: undefined, scp: `openid ${externalId}::admin` },
      { scope: undefined, scp: [`${externalId}::admin`] },
      { scope: 'openid', scp: [`${externalId}::admin`] },
      { sub: undefined },
      { aud: ['https://other.example', site.audience] },
    ];
    for (const more of accepted) {
      const token = await idp.sign(site.claims(more));
      expect([more, (await gateway.ask(bearing(token))).status]).toEqual([more, 204]);
    }
  });

  test('is for the organization that the client names, when it names one', async ({ idp, world, gateway, site }) => {
    const both = await idp.sign(site.claims({ scope: `${site.externalId}::admin elsewhere::admin` }));
    expect(told(await gateway.ask(bearing(both)))).toEqual(REFUSED);
    for (const name of [site.externalId, organizationId(world.organization)]) {
      expect((await gateway.ask({ ...bearing(both), 'x-organization': name })).status).toBe(204);
    }
    expect(told(await gateway.ask({ ...bearing(both), 'x-organization': 'elsewhere' }))).toEqual(REFUSED);
  });

  test('is refused when anything about it is wrong', async ({ idp, gateway, site }) => {
    const now = Math.floor(Date.now() / 1000);
    const { kid, publicKey } = idp.key();
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    await using stranger = await startIdentityProvider();
    const claims = site.claims();
    const [head, , signature] = (await idp.sign(claims)).split('.');
    const wrong: Readonly<Record<string, string>> = {
      expired: await idp.sign(site.claims({ exp: now - 60 })),
      'for ever': await idp.sign(site.claims({ exp: undefined })),
      'not yet': await idp.sign(site.claims({ nbf: now + 120 })),
      'another issuer': await idp.sign(site.claims({ iss: `${idp.issuer}/` })),
      'another audience': await idp.sign(site.claims({ aud: 'https://other.example' })),
      'no audience': await idp.sign(site.claims({ aud: undefined })),
      'no scope': await idp.sign(site.claims({ scope: undefined })),
      'no role': await idp.sign(site.claims({ scope: `${site.externalId}::` })),
      'another organization': await idp.sign(site.claims({ scope: 'elsewhere::admin' })),
      'a longer name': await idp.sign(site.claims({ scope: `x${site.externalId}::admin` })),
      'an ID token': await idp.sign(site.claims({ nonce: 'x' }), { typ: 'JWT' }),
      'another type': await idp.sign(claims, { typ: 'logout+jwt' }),
      'an unknown key': await idp.sign(claims, { kid: 'unknown' }),
      'a key of somebody else': await stranger.sign(claims, { kid }),
      'a public key as a secret': await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(secret),
      'no signature': new UnsecuredJWT(claims).encode(),
      'a changed body': [
        head,
        Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url'),
        signature,
      ].join('.'),
      'a key of its own': await stranger.sign(claims, { kid, jwk: await exportJWK(stranger.key().publicKey) }),
      'no token': 'x',
    };
    const found = Object.entries(wrong).map(async ([name, token]) => [name, told(await gateway.ask(bearing(token)))]);
    expect(await Promise.all(found)).toEqual(Object.keys(wrong).map((name) => [name, REFUSED]));
  });

  test('is refused by a gateway that does not see the organization, as an unknown one', async ({
    idp,
    server,
    world,
    site,
  }) => {
    const place = world.tenants.otherReseller;
    const sibling = await createTestGateway(server, world, { place, maker: world.siblingAdmin });
    const token = await idp.sign(site.claims());
    const unknown = await idp.sign(site.claims({ scope: 'nobody::admin' }));
    const [foreign, missing] = [await sibling.ask(bearing(token)), await sibling.ask(bearing(unknown))];
    expect([told(foreign), foreign.text]).toEqual([REFUSED, missing.text]);
  });

  test('is under the same rules as the key', async ({ idp, world, gateway, site }) => {
    const token = bearing(await idp.sign(site.claims()));
    const organization = organizationId(world.organization);
    await disableByProvider(world);
    expect(told(await gateway.ask(token))).toEqual([403, 'DISABLED', organization]);
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    await limitCalls(world, 2);
    const statuses = [];
    for (let call = 0; call < 4; call++) statuses.push((await gateway.ask(token)).status);
    expect(statuses).toEqual([204, 204, 429, 429]);
    await endSubscription(world);
    expect(told(await gateway.ask(token))).toEqual([403, 'SUBSCRIPTION_EXPIRED', organization]);
  });
});

describe('its authorization server', () => {
  test('is asked again when it signs with a new key, and the old one then counts no longer', async ({
    world,
    server,
  }) => {
    await using idp = await startIdentityProvider();
    const gateway = await createTestGateway(server, world);
    const site = await trustServer(world, idp);
    const old = bearing(await idp.sign(site.claims()));
    expect((await gateway.ask(old)).status).toBe(204);
    await idp.rotate(false);
    expect((await gateway.ask(bearing(await idp.sign(site.claims())))).status).toBe(204);
    expect(told(await gateway.ask(old))).toEqual(REFUSED);
  });

  test('may fall silent: who was known is known, and who was not costs no gateway its patience', async ({
    world,
    server,
  }) => {
    await using idp = await startIdentityProvider();
    const gateway = await createTestGateway(server, world);
    const site = await trustServer(world, idp);
    const token = bearing(await idp.sign(site.claims()));
    idp.mood = 'SILENT';
    const asked = performance.now();
    expect(told(await gateway.ask(token))).toEqual(REFUSED);
    expect(performance.now() - asked).toBeLessThan(3_500);
    idp.mood = 'UP';
    await expect.poll(async () => (await gateway.ask(token)).status, { timeout: 10_000 }).toBe(204);
    idp.mood = 'DOWN';
    expect((await gateway.ask(token)).status).toBe(204);
  });

  const endings: Readonly<Record<string, (world: KeyWorld, site: Site, idp: IdentityProvider) => Promise<unknown>>> = {
    disabled: (world, { ref }) => disableAuthorizationServer(world.as(world.orgAdmin), serverCommand(ref)),
    deleted: (world, { ref }) => deleteAuthorizationServer(world.as(world.orgAdmin), serverCommand(ref)),
    'given another audience': (world, { ref }) =>
      updateAuthorizationServer(world.as(world.orgAdmin), {
        ...serverCommand(ref),
        ...NOTHING_CHANGED,
        audience: 'other',
      }),
    'superseded by the other one': async (world, _, { issuer: origin }) => {
      const other = await addServer(world, { origin }, { name: 'The next', jwksUrl: `${origin}/jwks` });
      await enableAuthorizationServer(world.as(world.orgAdmin), serverCommand(other));
    },
  };
  test.for(Object.entries(endings))(
    'when it is %s, its tokens are dead at once',
    async ([, end], { idp, world, gateway, site }) => {
      const token = bearing(await idp.sign(site.claims()));
      expect((await gateway.ask(token)).status).toBe(204);
      await end(world, site, idp);
      expect(told(await gateway.ask(token))).toEqual(REFUSED);
    },
  );

  test('when it is disabled while its keys are being asked for, the call that waited is refused', async ({
    idp,
    world,
    gateway,
    site,
  }) => {
    const held: ServerResponse[] = [];
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(idp.key().publicKey)), kid: idp.key().kid }] });
    const holder = { isHolding: false };
    const http = createServer((_, response) => {
      if (holder.isHolding) held.push(response);
      else response.end(keys);
    }).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ctx = world.as(world.orgAdmin);
    const jwksUrl = `http://127.0.0.1:${port}/held`;
    await updateAuthorizationServer(ctx, { ...serverCommand(site.ref), ...NOTHING_CHANGED, jwksUrl });
    holder.isHolding = true;
    const waiting = gateway.ask(bearing(await idp.sign(site.claims())));
    await expect.poll(() => held.length).toBe(1);
    await disableAuthorizationServer(ctx, serverCommand(site.ref));
    for (const response of held) response.end(keys);
    expect(told(await waiting)).toEqual(REFUSED);
    expect(await callsCounted(world)).toBe(0);
    holder.isHolding = false;
    await enableAuthorizationServer(ctx, serverCommand(site.ref));
    expect((await gateway.ask(bearing(await idp.sign(site.claims())))).status).toBe(204);
    http.closeAllConnections();
    http.close();
  });

  test('when it is disabled, no call that begins after the answer passes, however many are under way', async ({
    idp,
    world,
    gateway,
    site,
  }) => {
    const token = bearing(await idp.sign(site.claims()));
    const ctx = world.as(world.orgAdmin);
    let [isOver, disabledSince, late] = [false, Number.POSITIVE_INFINITY, 0];
    const client = async () => {
      while (!isOver) {
        const begun = performance.now();
        const since = disabledSince;
        const { status } = await gateway.ask(token);
        if (status === 204 && begun > since && since === disabledSince) late++;
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (let round = 0; round < 25; round++) {
      await disableAuthorizationServer(ctx, serverCommand(site.ref));
      disabledSince = performance.now();
      await gateway.ask(token);
      disabledSince = Number.POSITIVE_INFINITY;
      await enableAuthorizationServer(ctx, serverCommand(site.ref));
    }
    isOver = true;
    await Promise.all(clients);
    expect(late).toBe(0);
  });
});
