import { describe, expect } from 'vitest';
import { organizationId, test } from '../support/graphql-world.ts';

const BOTH = `mutation ($input: ApiKeyInput!, $edit: EditApiKeyInput!) {
  first: regenerateApiKey(input: $input) { apiKey { version maskedKey fingerprint } keyString userErrors { code } }
  second: editApiKey(input: $edit) { apiKey { version maskedKey fingerprint } keyString userErrors { code } }
}`;

describe('what a mutation answers', () => {
  test('is the state after that very mutation, also when one document has several', async ({ world, signIn }) => {
    const client = await signIn('orgAdmin');
    const id = organizationId(world.organization);
    const answer = await client.query(BOTH, {
      input: { organizationId: id },
      edit: { organizationId: id, newKey: 'abcDEF123456' },
    });
    expect(answer.errors).toEqual([]);
    expect([answer.at('first.apiKey.version'), answer.at('second.apiKey.version')]).toEqual([2, 3]);
    expect(answer.at('second.apiKey.maskedKey')).toBe('••••••••3456');
    expect(answer.at('second.keyString')).toBe('abcDEF123456');
    expect(answer.at('first.apiKey.fingerprint')).not.toBe(answer.at('second.apiKey.fingerprint'));
  });

  test('is the state after a subscription changed, also when one document has several', async ({ world, signIn }) => {
    const client = await signIn('providerAdmin');
    const input = { organizationId: organizationId(world.organization) };
    const answer = await client.query(
      `mutation ($input: CancelSubscriptionInput!, $renew: RenewSubscriptionInput!) {
        cancelSubscription(input: $input) { subscription { status } organization { apiKey { status } } userErrors { code } }
        renewSubscription(input: $renew) { subscription { status } organization { apiKey { status } } userErrors { code } }
      }`,
      { input, renew: { ...input, endsAt: new Date(Date.now() + 1e11).toISOString() } },
    );
    expect(answer.at('cancelSubscription')).toMatchObject({
      subscription: { status: 'EXPIRED' },
      organization: { apiKey: { status: 'DISABLED' } },
    });
    expect(answer.at('renewSubscription')).toMatchObject({
      subscription: { status: 'ACTIVE' },
      organization: { apiKey: { status: 'ENABLED' } },
    });
  });

  test('names the field at fault, and nothing else of what is refused', async ({ world, signIn }) => {
    const client = await signIn('orgAdmin');
    const answer = await client.query(
      'mutation ($input: EditApiKeyInput!) { editApiKey(input: $input) { apiKey { id } organization { id } keyString userErrors { code field } } }',
      { input: { organizationId: organizationId(world.organization), newKey: 'short' } },
    );
    expect(answer.at('editApiKey')).toEqual({
      apiKey: null,
      organization: null,
      keyString: null,
      userErrors: [{ code: 'INVALID_KEY_FORMAT', field: ['input', 'newKey'] }],
    });
  });
});
