import { describe, expect } from 'vitest';
import type { ApiKeyKind } from '../../src/api-key/api-key.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { createTestOrganization } from '../support/fixtures.ts';
import type { Client, GraphQLAnswer } from '../support/graphql-client.ts';
import { organizationId, test } from '../support/graphql-world.ts';
import { commandInput, commands, type KeyWorld, readSlot } from '../support/key-world.ts';
import { foundIn } from '../support/needles.ts';
import { auditOf } from '../support/rows.ts';
import type { TestServer } from '../support/test-installation.ts';
import { flippedBits } from '../unit/secrets/flipped-bits.ts';

// What a superuser of the database may do to a ciphertext, and what then comes of it over HTTP.

const MATERIAL = 'ciphertext, data_key_version, key_version, fingerprint, last_four, created_at';

function reveal(client: Client, organization: OrganizationRef, kind: ApiKeyKind = 'CLOUD_SERVICE') {
  return client.query(
    'mutation ($input: ApiKeyInput!) { revealApiKey(input: $input) { keyString userErrors { code } } }',
    { input: { organizationId: organizationId(organization), kind } },
  );
}

/** Nothing but INTERNAL: no string, and no word of what is wrong. */
function expectNothing(answer: GraphQLAnswer): void {
  expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
  expect(answer.at('revealApiKey') ?? null).toBeNull();
  expect(answer.text).not.toMatch(/authenticat|decrypt|cipher|key string|data key|tag|sealed/i);
}

/** Puts one slot's material into another. */
async function move(
  { database }: TestServer,
  from: readonly [OrganizationRef, ApiKeyKind],
  to: readonly [OrganizationRef, ApiKeyKind],
): Promise<void> {
  await database.query(
    `update api_key set (${MATERIAL}) = (select ${MATERIAL} from api_key where organization_id = $1 and kind = $2::api_key_kind)
     where organization_id = $3 and kind = $4::api_key_kind`,
    [from[0].organizationId, from[1], to[0].organizationId, to[1]],
  );
}

async function add(world: KeyWorld, place: KeyWorld['tenants']['root']): Promise<OrganizationRef> {
  const organization = await createTestOrganization(world.keyward.services, world.tenants.platformAdmin, place);
  await commands.ADD(world.as(world.platformAdmin), commandInput(organization, { kind: 'SANDBOX_SUBMISSION' }));
  return organization;
}

describe('a ciphertext with one bit flipped', () => {
  test('never decrypts, whichever bit; it is no answer, no audit row, no word in the log, and no other key’s trouble', async ({
    server,
    world,
    signIn,
  }) => {
    const client = await signIn('parentAdmin');
    const { keyString } = await readSlot(world);
    const neighbour = await add(world, world.tenants.reseller);
    const [row] = await server.database.query<{ ciphertext: Buffer }>(
      `select ciphertext from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [world.organization.organizationId],
    );
    if (row === undefined || keyString === null) throw new Error('the slot is filled');
    const write = (ciphertext: Buffer) =>
      server.database.query(
        `update api_key set ciphertext = $2 where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
        [world.organization.organizationId, ciphertext],
      );
    const boxes = flippedBits(row.ciphertext);
    expect(boxes).toHaveLength((12 + 12 + 16) * 8);
    const logged = server.logLines.length;
    const rows = await auditOf(server.database, async () => {
      for (const box of boxes) {
        await write(box);
        expectNothing(await reveal(client, world.organization));
      }
    });
    expect(rows).toEqual([]);
    const log = server.logLines.slice(logged).join('');
    expect(foundIn(log, [keyString])).toEqual([]);
    expect(log.match(/request failed|operation failed|"level":50/g)?.length).toBeGreaterThanOrEqual(boxes.length);
    expect((await reveal(client, neighbour)).at('revealApiKey.keyString')).toMatch(/^[A-Za-z0-9]{12}$/);
    await write(row.ciphertext);
    expect((await reveal(client, world.organization)).at('revealApiKey.keyString')).toBe(keyString);
  });
});

describe('a ciphertext that was moved', () => {
  test('decrypts neither in another organization, nor as another kind, nor under another root provider', async ({
    server,
    world,
    signIn,
  }) => {
    const { root, reseller, foreignRoot } = world.tenants;
    const own = await add(world, reseller);
    const places: [OrganizationRef, ApiKeyKind, Client][] = [
      [await add(world, reseller), 'CLOUD_SERVICE', await signIn('parentAdmin')],
      [await add(world, root), 'SANDBOX_SUBMISSION', await signIn('parentAdmin')],
      [await add(world, foreignRoot), 'CLOUD_SERVICE', await signIn('foreignAdmin')],
      [await add(world, foreignRoot), 'SANDBOX_SUBMISSION', await signIn('foreignAdmin')],
      [own, 'SANDBOX_SUBMISSION', await signIn('parentAdmin')],
    ];
    for (const [organization, kind, client] of places) {
      const before = await reveal(client, organization, kind);
      expect(before.at('revealApiKey.keyString')).toMatch(/^[A-Za-z0-9]{12}$/);
      await move(server, [own, 'CLOUD_SERVICE'], [organization, kind]);
      expectNothing(await reveal(client, organization, kind));
    }
    const client = await signIn('parentAdmin');
    expect((await reveal(client, own)).at('revealApiKey.keyString')).toMatch(/^[A-Za-z0-9]{12}$/);
  });

  test('does not come back as an earlier version of its own slot', async ({ server, world, signIn }) => {
    const client = await signIn('parentAdmin');
    const { organizationId: id } = world.organization;
    const [old] = await server.database.query<{ ciphertext: Buffer }>(
      `select ciphertext from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [id],
    );
    await commands.REGENERATE(world.as(world.parentAdmin), commandInput(world.organization));
    await server.database.query(
      `update api_key set ciphertext = $2 where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [id, old?.ciphertext],
    );
    expectNothing(await reveal(client, world.organization));
  });

  test('does not open by the data key of another root provider, put in place of its own', async ({
    server,
    world,
    signIn,
  }) => {
    const { root, foreignRoot } = world.tenants;
    await server.database.query(
      `update data_key k set wrapped = o.wrapped from data_key o
       where k.root_provider_id = $1 and o.root_provider_id = $2 and k.purpose = o.purpose and k.version = o.version`,
      [foreignRoot.rootProviderId, root.rootProviderId],
    );
    const client = await signIn('foreignAdmin');
    const organization = await createTestOrganization(
      world.keyward.services,
      world.tenants.platformAdmin,
      foreignRoot,
      null,
    );
    const answer = await client.query(
      'mutation ($input: ApiKeyInput!) { addApiKey(input: $input) { keyString userErrors { code } } }',
      { input: { organizationId: organizationId(organization) } },
    );
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
  });
});
