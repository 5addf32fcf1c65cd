// The same list on bare Mercurius with jit: one SQL statement, no authentication, no authorization, no row-level security.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';

const schema = `
  type Query { organizations(first: Int!): OrganizationConnection! }
  type OrganizationConnection { nodes: [Organization!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Organization { id: ID! name: String! subscription: Subscription apiKey: ApiKey! }
  type Subscription { plan: String! status: String! endsAt: String! }
  type ApiKey { status: String! maskedKey: String version: Int! lastModifiedAt: String lastModifiedBy: Actor }
  type Actor { displayName: String! }
`;

const pool = new pg.Pool({ connectionString: process.env['PEER_DATABASE_URL'], max: 10 });

const sql = `select o.id, o.name, s.plan, s.starts_at, s.ends_at, k.last_four, k.version, k.last_modified_at, k.last_modified_by_name,
    exists (select from disablement d where d.root_provider_id = k.root_provider_id and d.organization_id = k.organization_id
      and d.kind = k.kind) as disabled
  from organization o
  join api_key k on k.root_provider_id = o.root_provider_id and k.organization_id = o.id and k.kind = 'CLOUD_SERVICE'
  left join subscription s on s.root_provider_id = o.root_provider_id and s.organization_id = o.id and s.superseded_at is null
  where o.root_provider_id = $1
  order by o.name_folded, o.id limit $2`;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly plan: string | null;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly last_four: string | null;
  readonly version: number;
  readonly last_modified_at: Date | null;
  readonly last_modified_by_name: string | null;
  readonly disabled: boolean;
}

function toOrganization(row: Row, now: Date) {
  const { id, name, plan, starts_at: startsAt, ends_at: endsAt, version } = row;
  const isExpired = endsAt !== null && endsAt <= now;
  const status = row.disabled || isExpired ? 'DISABLED' : row.last_four === null ? 'NONE' : 'ENABLED';
  return {
    id,
    name,
    subscription:
      plan === null || startsAt === null || endsAt === null
        ? null
        : {
            plan,
            status: isExpired ? 'EXPIRED' : startsAt <= now ? 'ACTIVE' : 'SCHEDULED',
            endsAt: endsAt.toISOString(),
          },
    apiKey: {
      status,
      maskedKey: row.last_four === null ? null : `••••••••${row.last_four}`,
      version,
      lastModifiedAt: row.last_modified_at?.toISOString() ?? null,
      lastModifiedBy: row.last_modified_by_name === null ? null : { displayName: row.last_modified_by_name },
    },
  };
}

const resolvers = {
  Query: {
    organizations: async (_: unknown, { first }: { first: number }) => {
      const { rows } = await pool.query<Row>({
        name: 'list',
        text: sql,
        values: [process.env['PEER_ROOT_ID'], first + 1],
      });
      const now = new Date();
      const nodes = rows.slice(0, first).map((row) => toOrganization(row, now));
      return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor: nodes.at(-1)?.id ?? null } };
    },
  },
};

const app = Fastify();
await app.register(mercurius, { schema, resolvers, jit: 1 });
process.stdout.write(`listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => void app.close().then(() => pool.end()));
