import { describe, expect, test } from 'vitest';
import { createTestOrganization } from '../support/fixtures.ts';
import { type Client, connect } from '../support/graphql-client.ts';
import { organizationId } from '../support/graphql-world.ts';
import { createKeyWorld, type KeyWorld, readSlot } from '../support/key-world.ts';
import { send } from '../support/raw-http.ts';
import { KEY } from '../support/rotation-world.ts';
import { startServerOn, startTestServer } from '../support/test-installation.ts';

async function readiness(url: string): Promise<unknown[]> {
  const { status, text } = await send(`${url}/readyz`);
  return [status, JSON.parse(text)];
}

function run(client: Client, mutation: string, world: KeyWorld, more: Record<string, unknown> = {}) {
  const type = mutation === 'disableApiKey' ? 'DisableApiKeyInput!' : 'ApiKeyInput!';
  return client.query(
    `mutation ($input: ${type}) { ${mutation}(input: $input) { apiKey { status } userErrors { code message } } }`,
    { input: { organizationId: organizationId(world.organization), ...more } },
  );
}

describe('a server without the key encryption key', () => {
  test('starts, says so, signs people in, lists and disables; what needs the key is refused until it is back', async () => {
    await using first = await startTestServer({ keyEncryptionKey: KEY });
    const world = await createKeyWorld(first);
    const other = await createTestOrganization(
      world.keyward.services,
      world.tenants.platformAdmin,
      world.tenants.reseller,
    );
    const { keyString } = await readSlot(world);
    {
      await using without = await startServerOn(first.database, { keyEncryptionKey: null });
      const checks = { database: 'ok', process: 'ok', keyEncryptionKey: 'missing' };
      expect(await readiness(without.url)).toEqual([200, { status: 'degraded', checks }]);
      expect(await send(`${without.url}/healthz`)).toMatchObject({ status: 200 });
      const warnings = without.logLines.filter((line) => line.includes('"level":40'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('KEYWARD_KEY_ENCRYPTION_KEY');

      const client = await connect(without.url, world.people.providerAdmin);
      const listed = await client.query(
        '{ organizations { totalCount nodes { apiKey { status maskedKey fingerprint } } } }',
      );
      expect(listed.errors).toEqual([]);
      expect(listed.at('organizations.totalCount')).toBe(3);
      const disabled = await run(client, 'disableApiKey', world, { reason: 'NON_PAYMENT' });
      expect(disabled.at('disableApiKey')).toMatchObject({ apiKey: { status: 'DISABLED' }, userErrors: [] });
      for (const mutation of ['revealApiKey', 'addApiKey', 'regenerateApiKey']) {
        const refused = await run(client, mutation, { ...world, organization: other }, { kind: 'CLOUD_SERVICE' });
        expect([refused.status, refused.errors]).toEqual([200, []]);
        expect(refused.at(`${mutation}.userErrors.0.code`)).toBe('SECRETS_UNAVAILABLE');
      }
      const trail = await client.query('{ auditEvents { nodes { action result } } }');
      expect(trail.at('auditEvents.nodes')).toEqual(
        expect.arrayContaining([{ action: 'api_key.reveal', result: 'SECRETS_UNAVAILABLE' }]),
      );
      expect(without.logLines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
    }
    await using again = await startServerOn(first.database, { keyEncryptionKey: KEY });
    const checks = { database: 'ok', process: 'ok', keyEncryptionKey: 'ok' };
    expect(await readiness(again.url)).toEqual([200, { status: 'ready', checks }]);
    const client = await connect(again.url, world.people.providerAdmin);
    const revealed = await client.query(
      'mutation ($input: ApiKeyInput!) { revealApiKey(input: $input) { keyString } }',
      { input: { organizationId: organizationId(world.organization) } },
    );
    expect(revealed.at('revealApiKey.keyString')).toBe(keyString);
  });
});
