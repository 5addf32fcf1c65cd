import pg from 'pg';
import { auditActions } from '../../src/audit/audit-event.ts';
import type { SignedHead } from '../../src/audit/audit-head.ts';
import { openAuditSigningKey } from '../../src/audit/audit-keys.ts';
import { NO_CHECKPOINTS } from '../../src/audit/checkpoint-file.ts';
import { recordAudit } from '../../src/audit/record-audit.ts';
import { sealAuditTrail } from '../../src/audit/seal-audit.service.ts';
import type { RootReport, Verification } from '../../src/audit/verification-text.ts';
import { type VerifyOptions, verifyAuditTrail } from '../../src/audit/verify-audit.service.ts';
import type { RequestContext, Services } from '../../src/context.ts';
import type { Tx } from '../../src/database/database.ts';
import { PLATFORM_SCOPE, type TenantRow } from '../../src/database/scope.ts';
import { typeParsers } from '../../src/database/type-parsers.ts';
import { SYSTEM_ACTOR } from '../../src/identity/actor.ts';
import { type Id, newId } from '../../src/ids.ts';
import { contextOf } from './fixtures.ts';
import type { TestDatabase } from './test-database.ts';

/** A root provider that only its audit trail knows of. */
export function newAuditedRoot(): TenantRow {
  const rootProviderId = newId<'ServiceProvider'>();
  return { rootProviderId, providerPath: [rootProviderId], organizationId: null };
}

/** Events of all sorts, no two alike, each transaction with as many of them as it is told. */
export async function recordEvents(
  services: Services,
  subject: TenantRow,
  count: number,
  perTransaction = 500,
): Promise<void> {
  for (let index = 0; index < count; index += perTransaction) {
    const numbers = Array.from({ length: Math.min(perTransaction, count - index) }, (_, offset) => index + offset);
    await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      await Promise.all(
        numbers.map((number) => recordNumbered(tx, contextOf(services, SYSTEM_ACTOR), subject, number)),
      );
    });
  }
}

function recordNumbered(tx: Tx, ctx: RequestContext, subject: TenantRow, number: number): Promise<void> {
  const hasOrganization = number % 3 !== 0;
  const actor =
    number % 5 === 0 ? SYSTEM_ACTOR : { ...SYSTEM_ACTOR, id: newId<'StaffMember'>(), role: `ROLE_${number}` };
  return recordAudit(
    tx,
    { ...ctx, actor: { ...actor, displayName: `Person ${number}`, onBehalfOf: number % 7 === 0 ? 'somebody' : null } },
    {
      action: auditActions[number % auditActions.length] ?? 'auth.login',
      subject: {
        ...subject,
        providerPath: [...subject.providerPath, newId<'ServiceProvider'>()],
        organizationId: hasOrganization ? newId<'Organization'>() : null,
      },
      target: number % 2 === 0 ? `target ${number}` : null,
      result: number % 4 === 0 ? 'FORBIDDEN' : 'OK',
      before: number % 3 === 1 ? { number } : null,
      after: number % 3 === 2 ? { number, more: ['=1+1', 'ü'] } : null,
      note: number % 2 === 1 ? `note ${number}` : null,
    },
  );
}

/** Seals all that waits, as the worker does. @returns the heads that were signed, in their order */
export async function seal(services: Services): Promise<SignedHead[]> {
  const heads: SignedHead[] = [];
  const key = await openAuditSigningKey(services, new Date());
  await sealAuditTrail(services, { key, onSigned: (head) => heads.push(head) });
  return heads;
}

export interface Verified extends Verification {
  readonly roots: readonly RootReport[];
  rootOf(rootProviderId: string): RootReport;
}

/** What `keyward audit verify` finds. */
export async function verify(services: Services, more: Partial<VerifyOptions> = {}): Promise<Verified> {
  const roots: RootReport[] = [];
  const verification = await verifyAuditTrail({
    snapshot: (work) => services.database.readSnapshot(PLATFORM_SCOPE, work),
    keyEncryptionKeys: services.keyRing.keyEncryptionKeys,
    checkpoints: NO_CHECKPOINTS,
    onRoot: (report) => roots.push(report),
    ...more,
  });
  const rootOf = (rootProviderId: string) => {
    const found = roots.find((report) => report.rootProviderId === rootProviderId);
    if (found === undefined) throw new Error('no report of this root');
    return found;
  };
  return { ...verification, roots, rootOf };
}

/** A superuser's connection, with the same eyes as the program has on types. */
export async function connectAsOwner({ ownerUrl }: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, types: typeParsers });
  await client.connect();
  return client;
}

/** That connection as the program's own door to tables: for reading within its open transaction. */
export function txOn(client: pg.Client): Tx {
  const rows: Tx['rows'] = async <Row>(statement: { name: string; text: string }, values: readonly unknown[]) => {
    const result = await client.query({ name: statement.name, text: statement.text, values: [...values] });
    return result.rows as Row[];
  };
  const rowOrNull: Tx['rowOrNull'] = async (statement, values) => (await rows(statement, values))[0] ?? null;
  return {
    rows,
    rowOrNull,
    row: async (statement, values) => {
      const row = await rowOrNull(statement, values);
      if (row === null) throw new Error(`${statement.name}: no row`);
      return row;
    },
    count: async (statement, values) => (await rows(statement, values)).length,
    within: () => Promise.reject(new Error('no scopes here')),
  };
}

export interface ChainRow {
  readonly sequence: number;
  readonly event_id: Id<'AuditEvent'>;
  readonly hash: Buffer;
}

export function readChain(
  database: TestDatabase,
  { rootProviderId }: TenantRow,
): Promise<(ChainRow & pg.QueryResultRow)[]> {
  return database.query(
    'select sequence::int, event_id, hash from audit_link where root_provider_id = $1 order by sequence',
    [rootProviderId],
  );
}
