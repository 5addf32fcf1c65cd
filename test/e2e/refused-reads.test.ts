import { describe, expect } from 'vitest';
import { test } from '../support/graphql-world.ts';
import { auditOf } from '../support/rows.ts';

describe('a query for what the caller may not read', () => {
  test('is an event in the trail, by the name that the field has in the schema', async ({ server, world, signIn }) => {
    const client = await signIn('providerViewer');
    const events = await auditOf(server.database, async () => {
      const { errors } = await client.query('{ myOwnWord: auditEvents { nodes { id } } viewer { role } }');
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    });
    expect(events).toMatchObject([
      {
        action: 'query.read',
        result: 'FORBIDDEN',
        actor_id: world.people.providerViewer.member.id,
        note: 'auditEvents',
        target: null,
        before: null,
        after: null,
        ip_address: '127.0.0.1',
      },
    ]);
    expect(events[0]?.request_id).not.toBeNull();
  });

  test('is written once a minute, however often it is sent, and once for each who sends it', async ({
    server,
    signIn,
  }) => {
    const [viewer, admin] = [await signIn('providerViewer'), await signIn('orgViewer')];
    const query = '{ a: auditEvents { totalCount } b: auditEvents { nodes { id } } }';
    const events = await auditOf(server.database, async () => {
      for (let count = 0; count < 5; count++) await Promise.all([viewer.query(query), admin.query(query)]);
    });
    expect(events.map(({ action, note }) => `${action} ${note}`)).toEqual([
      'query.read auditEvents',
      'query.read auditEvents',
    ]);
    expect(new Set(events.map(({ actor_id: id }) => id)).size).toBe(2);
  });

  test('leaves no event when it is malformed, unknown, or asks for what is out of sight', async ({
    server,
    signIn,
    world,
  }) => {
    const client = await signIn('foreignAdmin');
    const events = await auditOf(server.database, async () => {
      await client.query('{ noSuchField }');
      await client.query('{ auditEvents(first: 1000) { nodes { id } } }');
      await client.query('query ($id: ID!) { organization(id: $id) { name } }', {
        id: world.organization.organizationId,
      });
    });
    expect(events).toEqual([]);
  });
});
