import { describe, expect } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { bearer } from '../support/graphql-client.ts';
import { test as base } from '../support/graphql-world.ts';
import type { Person } from '../support/key-world.ts';
import { insertKeyedFleet } from '../support/keyed-fleet.ts';
import { sync, syncInput } from '../support/sync.ts';

const SIZE = 3000;
const subscription =
  'subscription ($id: ID!) { bulkOperation(id: $id) { status total processed changed unchanged refused } }';

const test = base
  .extend('fleet', ({ server, world }) =>
    insertKeyedFleet(server.services, server.database.query, world.tenants.reseller, SIZE),
  )
  .extend('listen', ({ server, world }) => async (who: Person, query: string, id: string) => {
    const response = await fetch(`${server.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(await bearer(server.url, world.people[who])),
      },
      body: JSON.stringify({ query, variables: { id } }),
    });
    const text = await response.text();
    const answers = [...text.matchAll(/event: next\ndata: (.*)/g)].map(([, json = '']) => JSON.parse(json));
    return { text, answers: answers as { data?: { bulkOperation: Record<string, unknown> }; errors?: unknown[] }[] };
  });

describe('the stream of an operation', () => {
  test('tells how it goes on, until it has ended', async ({ world, fleet, listen }) => {
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: 'abcDEF123456', atomicity: 'PER_ORGANIZATION' }));
    const id = encodeGlobalId('BulkOperation', ref.rootProviderId, ref.bulkOperationId);
    const { answers, text } = await listen('providerAdmin', subscription, id);
    const told = answers.map(({ data }) => data?.bulkOperation);
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual({
      ...{ status: 'SUCCEEDED', total: SIZE, processed: SIZE, changed: SIZE, unchanged: 0, refused: 0 },
    });
    const processed = told.map((one) => Number(one?.['processed']));
    expect(processed).toEqual(processed.toSorted((a, b) => a - b));
    expect(text).toContain('event: complete');
  });

  test('is empty for those who do not see it, as for what does not exist', async ({ world, fleet, listen }) => {
    const { ref } = await sync(world.as(world.parentAdmin), syncInput(fleet.slice(0, 1), { newKey: 'abcDEF123456' }));
    const id = encodeGlobalId('BulkOperation', ref.rootProviderId, ref.bulkOperationId);
    const { text: missing } = await listen('foreignAdmin', subscription, 'no id at all');
    for (const person of ['foreignAdmin', 'siblingAdmin', 'providerAdmin', 'orgAdmin'] as const) {
      expect((await listen(person, subscription, id)).text).toBe(missing);
    }
    expect((await listen('parentAdmin', subscription, id)).answers).toHaveLength(1);
  });

  test('answers subscriptions only, and only to those who sign in', async ({ server, listen }) => {
    const { answers } = await listen('providerAdmin', '{ viewer { id } }', '');
    expect(answers).toMatchObject([{ errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] }]);
    const response = await fetch(`${server.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: subscription, variables: { id: 'x' } }),
    });
    expect(response.status).toBe(401);
  });
});
