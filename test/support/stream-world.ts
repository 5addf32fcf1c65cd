import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { BulkOperationId } from '../../src/ids.ts';
import { placeOf, type TestStaff } from './fixtures.ts';
import { test as graphqlTest } from './graphql-world.ts';
import { tokenOfSession } from './session.ts';
import { insertBulkOperation } from './tenant-rows/operations.ts';

/** Of an operation that is going on. */
export const WATCH = 'subscription ($id: ID!) { bulkOperation(id: $id) { status failure } }';

/** A test with an operation that goes on until the test says otherwise: nobody runs what waits for approval. */
export const test = graphqlTest
  .extend('operation', async ({ server, world }) => {
    const { services, database } = server;
    const place = await placeOf(services, world.tenants.reseller);
    const id = await insertBulkOperation(database, place, world.organization);
    return controlOf(database, place.rootProviderId, id);
  })
  .extend('headersOf', ({ server }) => async (staff: TestStaff) => {
    return { authorization: `Bearer ${await tokenOfSession(server.services, staff)}` };
  });

function controlOf({ query }: { query: Query }, rootProviderId: string, uuid: BulkOperationId) {
  const set = (sql: string, values: readonly unknown[] = []) =>
    query(`update bulk_operation set ${sql} where id = $1`, [uuid, ...values]);
  return {
    uuid,
    id: encodeGlobalId('BulkOperation', rootProviderId, uuid),
    say: (failure: string) => set('failure = $2', [failure]),
    end: () => set(`status = 'FAILED', approval = 'EXPIRED', finished_at = now()`),
  };
}
type Query = (sql: string, values?: readonly unknown[]) => Promise<unknown>;
