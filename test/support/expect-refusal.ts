import { expect } from 'vitest';
import type { TenantRow } from '../../src/database/scope.ts';
import { DomainError, type ErrorCode } from '../../src/errors.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { type AuditRow, auditOf, readRows } from './rows.ts';
import type { TestDatabase } from './test-database.ts';

/** What `call` was refused with. @throws Error when it was not */
export async function refusalOf(call: () => Promise<unknown>): Promise<DomainError> {
  const error: unknown = await call().then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof DomainError) return error;
  throw error;
}

export interface Expected {
  readonly code: ErrorCode;
  readonly action: string;
  readonly actor: Actor;
  /** Whose audit trail the refusal belongs to. */
  readonly trail: Pick<TenantRow, 'rootProviderId' | 'organizationId'>;
}

/** The call is refused, leaves every row as it was, and is one audit row of the right tenant. */
export async function expectRefusal(
  database: TestDatabase,
  expected: Expected,
  call: () => Promise<unknown>,
): Promise<{ error: DomainError; audit: AuditRow }> {
  const before = await readRows(database);
  const refusals: DomainError[] = [];
  const written = await auditOf(database, async () => refusals.push(await refusalOf(call)));
  const [error] = refusals;
  expect(error?.code).toBe(expected.code);
  expect(await readRows(database)).toEqual(before);
  const [audit] = written;
  expect(written).toHaveLength(1);
  expect(audit).toMatchObject({
    action: expected.action,
    result: expected.code,
    actor_id: expected.actor.id,
    actor_name: expected.actor.displayName,
    root_provider_id: expected.trail.rootProviderId,
    organization_id: expected.trail.organizationId,
    before: null,
    after: null,
  });
  if (error === undefined || audit === undefined) throw new Error('unreachable');
  return { error, audit };
}
