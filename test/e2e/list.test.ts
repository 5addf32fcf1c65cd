import { describe, expect } from 'vitest';
import { type FleetOrderField, fleetOrderFields } from '../../src/fleet/fleet.ts';
import { fold } from '../../src/text.ts';
import { type FleetRow, insertFleet } from '../support/fleet.ts';
import type { Client, GraphQLAnswer } from '../support/graphql-client.ts';
import { test as base, organizationId } from '../support/graphql-world.ts';

const LIST = `query ($first: Int, $after: String, $filter: OrganizationFilter, $orderBy: OrganizationOrder) {
  organizations(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } nodes { id name externalId }
  }
}`;

/** 120 organizations under the foreign root, and its admin's client. */
const test = base.extend('fleet', async ({ server, world, signIn }) => {
  const { foreignRoot } = world.tenants;
  const rows = await insertFleet(server.database, foreignRoot, [foreignRoot.rootProviderId], 120);
  return { rows, client: await signIn('foreignAdmin') };
});

type Direction = 'ASC' | 'DESC';
interface Order {
  readonly field: FleetOrderField;
  readonly direction: Direction;
}
const orders: Order[] = fleetOrderFields.flatMap((field) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })),
);

function listOf(answer: GraphQLAnswer, path: string): string[] {
  const nodes = answer.at('organizations.nodes');
  if (!Array.isArray(nodes)) throw new Error(`no nodes in ${answer.text}`);
  return nodes.map((_, index) => String(answer.at(`organizations.nodes.${index}.${path}`)));
}

async function namesOf(client: Client, filter: Record<string, unknown>): Promise<string[]> {
  return listOf(await client.query(LIST, { filter, first: 200 }), 'name').sort();
}

/** Every page from the first to the last, as a client walks them. */
async function walk(client: Client, orderBy: Order, first: number): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null, pages = 0; pages < 200; pages++) {
    const answer: GraphQLAnswer = await client.query(LIST, { first, after, orderBy });
    expect(answer.at('organizations.pageInfo.hasPreviousPage')).toBe(after !== null);
    ids.push(...listOf(answer, 'id'));
    after = String(answer.at('organizations.pageInfo.endCursor'));
    if (answer.at('organizations.pageInfo.hasNextPage') === false) return ids;
  }
  throw new Error('the list never ends');
}

function inOrder(rows: readonly FleetRow[], { field, direction }: Order): string[] {
  const last = direction === 'ASC' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const value: Record<FleetOrderField, (row: FleetRow) => Buffer | number> = {
    NAME: (row) => Buffer.from(fold(row.name)),
    CREATED_AT: (row) => row.createdAt.getTime(),
    KEY_LAST_MODIFIED_AT: (row) => row.keyLastModifiedAt?.getTime() ?? last,
    SUBSCRIPTION_ENDS_AT: (row) => row.subscriptionEndsAt?.getTime() ?? last,
  };
  const compare = (one: FleetRow, other: FleetRow) => {
    const [left, right] = [value[field](one), value[field](other)];
    const byValue =
      Buffer.isBuffer(left) && Buffer.isBuffer(right)
        ? Buffer.compare(left, right)
        : left === right
          ? 0
          : left < right
            ? -1
            : 1;
    return byValue === 0 ? (one.organizationId < other.organizationId ? -1 : 1) : byValue;
  };
  const sorted = rows.toSorted(compare);
  return (direction === 'ASC' ? sorted : sorted.reverse()).map(organizationId);
}

describe('paging through 120 organizations', () => {
  test.for(orders)('by $field $direction gives each exactly once, in order', async (order, { fleet }) => {
    const expected = inOrder(fleet.rows, order);
    expect(await walk(fleet.client, order, 7)).toEqual(expected);
    expect(await walk(fleet.client, order, 60)).toEqual(expected);
  });

  test('goes on where it was though what stood there is gone, and counts the same on every page', async ({
    server,
    fleet,
  }) => {
    const orderBy = { field: 'NAME', direction: 'ASC' };
    const page = await fleet.client.query(LIST, { first: 10, orderBy });
    const expected = inOrder(fleet.rows, { field: 'NAME', direction: 'ASC' });
    const last = fleet.rows.find((row) => organizationId(row) === expected[9]);
    for (const table of ['subscription', 'api_key'])
      await server.database.query(`delete from ${table} where organization_id = $1`, [last?.organizationId]);
    await server.database.query('delete from organization where id = $1', [last?.organizationId]);
    const next = await fleet.client.query(LIST, {
      first: 10,
      after: page.at('organizations.pageInfo.endCursor'),
      orderBy,
    });
    expect(listOf(next, 'id')).toEqual(expected.slice(10, 20));
    expect([page.at('organizations.totalCount'), next.at('organizations.totalCount')]).toEqual([120, 119]);
  });

  test('asks for 50 unless told otherwise, takes 0 and 200, and refuses 201 and less than none', async ({ fleet }) => {
    const lengths = [];
    for (const first of [undefined, null, 0, 1, 200])
      lengths.push(listOf(await fleet.client.query(LIST, { first }), 'id').length);
    expect(lengths).toEqual([50, 50, 0, 1, 120]);
    for (const first of [201, -1])
      expect((await fleet.client.query(LIST, { first })).errors.map(({ extensions }) => extensions.code)).toEqual([
        'VALIDATION_FAILED',
      ]);
  });

  test('refuses a cursor of another order, and any that it did not make', async ({ fleet }) => {
    const made = await fleet.client.query(LIST, { first: 1 });
    const cursor = String(made.at('organizations.pageInfo.endCursor'));
    const others = orders.slice(1).map((orderBy) => ({ orderBy, after: cursor }));
    const id = fleet.rows[0]?.organizationId;
    const instants = [
      '',
      'x',
      '2020-02-30 00:00:00+00',
      '0000-01-01 00:00:00+00',
      '2020-01-01 00:00:00+99',
      '999999-01-01 00:00:00+00',
      '2020-13-01 00:00:00+00',
      '2020-01-01 24:59:61+00',
    ];
    const forged = [['NAME_ASC', 'a\0', id], ['NAME_ASC', 'a', 'no-uuid'], ['NAME_ASC', 'a'], [], null].map(
      (parts) => ({ orderBy: orders[0], after: Buffer.from(JSON.stringify(parts)).toString('base64url') }),
    );
    const badInstants = instants.map((instant) => ({
      orderBy: { field: 'CREATED_AT', direction: 'ASC' },
      after: Buffer.from(JSON.stringify(['CREATED_AT_ASC', instant, id])).toString('base64url'),
    }));
    const complaints: unknown[] = [];
    for (const variables of [...others, ...forged, ...badInstants, { after: 'x' }, { after: '' }]) {
      const codes = (await fleet.client.query(LIST, variables)).errors.map(({ extensions }) => extensions.code);
      if (codes.join() !== 'VALIDATION_FAILED')
        complaints.push({ codes, after: Buffer.from(variables.after, 'base64url').toString() });
    }
    expect(complaints).toEqual([]);
  });
});

describe('filters', () => {
  test('search is case-insensitive, looks at names and external ids, and takes every character for itself', async ({
    fleet,
  }) => {
    const matching = (wanted: (row: FleetRow) => boolean) =>
      fleet.rows
        .filter(wanted)
        .map(({ name }) => name)
        .sort();
    expect(await namesOf(fleet.client, { search: 'b ORGAN' })).toEqual(matching(({ name }) => name.startsWith('B ')));
    expect(await namesOf(fleet.client, { search: 'É organ' })).toEqual(matching(({ name }) => name.startsWith('é ')));
    expect(await namesOf(fleet.client, { search: 'eXT-3' })).toEqual(
      matching(({ externalId }) => externalId?.startsWith('Ext-3') ?? false),
    );
    expect(await namesOf(fleet.client, { search: '%' })).toEqual(matching(({ name }) => name.startsWith('%')));
    expect(await namesOf(fleet.client, { search: '_' })).toEqual(matching(({ name }) => name.startsWith('_')));
    expect(await namesOf(fleet.client, { search: '\u{1F511}' })).toEqual(
      matching(({ name }) => name.startsWith('\u{1F511}')),
    );
    for (const search of ["'", '"', '\\', "a' or '1'='1", '--', ';', '$1', '%organization'])
      expect(await namesOf(fleet.client, { search })).toEqual([]);
    expect(await namesOf(fleet.client, { search: '' })).toHaveLength(120);
  });

  test('by id, by provider and together; what is out of sight is not found', async ({ fleet, world, signIn }) => {
    const { rows, client } = fleet;
    const some = rows.slice(0, 3);
    const ids = [...some.map(organizationId), organizationId(world.organization), 'nothing'];
    expect(await namesOf(client, { ids })).toEqual(some.map(({ name }) => name).sort());
    expect(await namesOf(client, { ids: [] })).toEqual([]);
    expect(await namesOf(client, { ids, search: some[0]?.name })).toEqual([some[0]?.name]);
    for (const serviceProviderId of ['nothing', organizationId(world.organization)])
      expect(await namesOf(client, { serviceProviderId })).toEqual([]);
    expect(await namesOf(await signIn('providerAdmin'), { ids: some.map(organizationId) })).toEqual([]);
  });

  test('the total is of what the filter finds', async ({ fleet }) => {
    const answer = await fleet.client.query(LIST, { first: 2, filter: { search: 'b organ' } });
    expect(answer.at('organizations.totalCount')).toBe(15);
    expect(answer.at('organizations.pageInfo.hasNextPage')).toBe(true);
  });
});
