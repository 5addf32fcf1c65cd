import { expect } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { programSchema } from '../../src/graphql/schema.ts';
import { newId } from '../../src/ids.ts';
import { operationOf } from '../isolation/schema-fields.ts';
import { test } from '../support/graphql-world.ts';
import { sync, syncInput } from '../support/sync.ts';

/** Everything about the organization of a result, but for lists that need an argument, and what hangs on it in turn. */
const everything = operationOf(programSchema(), 'BulkOperation.results', 4).source;

test('an id that names nothing has a result with an organization whose every field answers', async ({
  world,
  signIn,
}) => {
  const unknown = encodeGlobalId('Organization', world.organization.rootProviderId, newId());
  const organizations = [unknown, 'no id at all'].map((text) => ({ text, ref: null }));
  const input = { ...syncInput(null), organizations, atomicity: 'PER_ORGANIZATION' as const };
  for (const person of ['providerAdmin', 'platformAdmin'] as const) {
    const { ref } = await sync(world.as(world[person]), input);
    const node = encodeGlobalId('BulkOperation', ref.rootProviderId, ref.bulkOperationId);
    const client = await signIn(person);
    const answer = await client.query(everything, { node, first: 2 });
    expect(answer.errors).toEqual([]);
    for (const [index, id] of [unknown, 'no id at all'].entries()) {
      const at = (path: string) => answer.at(`node.results.nodes.${index}.organization.${path}`);
      expect(at('id')).toBe(id);
      expect(at('subscription')).toBeNull();
      expect(at('apiKey')).toMatchObject({ exists: false, status: 'NONE', maskedKey: null, allowedActions: [] });
      expect(at('serviceProvider')).toMatchObject({ name: 'Unknown provider', parent: null });
      expect(at('serviceProvider.organizations')).toMatchObject({ totalCount: 0, nodes: [] });
      expect(at('baseUrl')).toBe('http://keyward.test');
    }
    const slots = await client.query(
      `query ($node: ID!) { node(id: $node) { ... on BulkOperation { results { nodes { organization {
         sandbox: apiKey(kind: SANDBOX_SUBMISSION) { id kind exists } } } } } } }`,
      { node },
    );
    expect(slots.errors).toEqual([]);
    expect(slots.at('node.results.nodes.0.organization.sandbox')).toMatchObject({
      kind: 'SANDBOX_SUBMISSION',
      exists: false,
    });
    const id = slots.at('node.results.nodes.0.organization.sandbox.id');
    expect((await client.query('query ($id: ID!) { node(id: $id) { id } }', { id })).at('node')).toBeNull();
  }
});
