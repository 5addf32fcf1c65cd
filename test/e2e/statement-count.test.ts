import pg from 'pg';
import { describe, expect, vi } from 'vitest';
import type { ServiceProviderRef } from '../../src/ids.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { createStaff, createTestOrganization, uniqueName } from '../support/fixtures.ts';
import type { Client, GraphQLAnswer } from '../support/graphql-client.ts';
import { test } from '../support/graphql-world.ts';
import { commandInput, commands, type KeyWorld } from '../support/key-world.ts';
import { statementsOf } from '../support/statements.ts';
import type { TestServer } from '../support/test-installation.ts';

const EVERYTHING = `query ($first: Int) {
  organizations(first: $first) {
    totalCount
    nodes {
      name
      subscription { plan status }
      apiKey { status maskedKey allowedActions lastModifiedBy { displayName } disablements { source by { displayName } } }
      sandbox: apiKey(kind: SANDBOX_SUBMISSION) { status lastModifiedBy { displayName } disablements { source } }
      serviceProvider {
        name
        parent { name }
        organizations(first: 3) { totalCount nodes { name apiKey { status } } }
        resellers(first: 8) { totalCount nodes { name organizations(first: 3) { totalCount nodes { name apiKey { disablements { source } } } } } }
      }
    }
  }
  serviceProviders(first: $first) { totalCount nodes { name parent { name } organizations(first: 3) { nodes { name subscription { plan } serviceProvider { name } } } } }
  auditEvents(first: $first) { totalCount nodes { action organization { name apiKey { status } } } }
}`;

/** A root with as many resellers, each with an organization whose keys are there and disabled. */
async function grow(world: KeyWorld, size: number): Promise<ServiceProviderRef> {
  const { services } = world.keyward;
  const { platformAdmin } = world.tenants;
  const ctx = () => world.as(world.platformAdmin);
  const provider = (parent: ServiceProviderRef | null) =>
    createServiceProvider(ctx(), { name: uniqueName('Provider'), parent, baseUrl: null, idempotencyKey: null });
  const root = await provider(null);
  for (let index = 0; index < size; index++) {
    const reseller = await provider(root);
    await createTestOrganization(services, platformAdmin, root);
    const organization = await createTestOrganization(services, platformAdmin, reseller);
    await commands.ADD(ctx(), commandInput(organization, { kind: 'SANDBOX_SUBMISSION' }));
    for (const kind of ['CLOUD_SERVICE', 'SANDBOX_SUBMISSION'] as const)
      await commands.DISABLE(ctx(), commandInput(organization, { kind }));
  }
  return root;
}

interface Counted {
  readonly rows: number;
  /** Named statements, from the log. */
  readonly names: readonly string[];
  /** Those of the audit trail, which Prisma sends and no log line names. */
  readonly selects: number;
}

async function count(server: TestServer, client: Client, first: number): Promise<Counted> {
  const sent = vi.spyOn(pg.Client.prototype, 'query');
  const answers: GraphQLAnswer[] = [];
  const names = await statementsOf(server, async () => answers.push(await client.query(EVERYTHING, { first })));
  const texts = sent.mock.calls.map(([query]) => String(Object(query).text ?? query));
  sent.mockRestore();
  const nodes = answers[0]?.at('organizations.nodes');
  expect(answers[0]?.errors).toEqual([]);
  return {
    rows: Array.isArray(nodes) ? nodes.length : 0,
    // Who the token stands for is asked anew every half a second.
    names: names.filter((name) => !name.startsWith('staff_session.')).sort(),
    selects: texts.filter((text) => /^select .*"audit_event"/is.test(text)).length,
  };
}

/** The root fields' own statements: whatever else is asked, each is sent once. */
const ROOTS = ['fleet.count_r', 'fleet.page_NAME_ASC_r', 'service_provider.count', 'service_provider.page'];
/** As many as there are selections: what two of them look up at the same moment may or may not go together. */
const MOST = EVERYTHING.split('{').length;

describe('the SQL statements of a query that asks for everything', () => {
  test('are as few for 60 rows as for 5, and no more when it comes again', { timeout: 60_000 }, async ({
    server,
    world,
    signIn,
  }) => {
    const few = await signIn(await createStaff(server.services, 'PROVIDER_ADMIN', await grow(world, 5)));
    const many = await signIn(await createStaff(server.services, 'PROVIDER_ADMIN', await grow(world, 60)));
    await server.database.query('analyze');
    const first = await count(server, few, 5);
    const again = await count(server, few, 5);
    const more = await count(server, many, 60);
    expect([first.rows, again.rows, more.rows]).toEqual([5, 5, 60]);
    for (const { names, selects } of [first, again, more]) {
      expect(names.filter((name) => ROOTS.includes(name))).toEqual(ROOTS);
      expect(selects).toBe(2);
      expect(names.length).toBeLessThanOrEqual(MOST);
      expect(new Set(names)).toEqual(new Set(first.names));
    }
  });
});
