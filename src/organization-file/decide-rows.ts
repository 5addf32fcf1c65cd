import type { Tx } from '../database/database.ts';
import { fold } from '../text.ts';
import type { RowToCreate } from './create-organizations.ts';
import { decideRow, type ExistingOrganization, type ExistingOrganizations } from './decide-row.ts';
import type { ImportRow } from './import-operation.ts';
import { findExistingOrganizations, type ProviderPlace } from './new-organization.repository.ts';
import { type OrganizationRow, parseRow } from './organization-row.ts';

/** What becomes of rows. */
export interface DecidedRows {
  readonly toCreate: readonly RowToCreate[];
  /** Those that nothing is done for, as they are to be kept. */
  readonly others: readonly ImportRow[];
}

const NOBODY: ExistingOrganizations = { byExternalId: () => undefined, byFoldedName: () => undefined };

/**
 * Decides as if the provider had no organization: what comes out as `toCreate` is new unless the database refuses its
 * names; of the others, `decideRows` has the last word.
 */
export function decideAsIfNew(rows: readonly ImportRow[], now: Date): DecidedRows {
  return decideBy(NOBODY, openOf(rows), now);
}

/** Decides on the rows that nothing was decided on yet, by what the provider has right now. */
export async function decideRows(
  tx: Tx,
  provider: ProviderPlace,
  rows: readonly ImportRow[],
  now: Date,
): Promise<DecidedRows> {
  const open = openOf(rows);
  if (open.length === 0) return { toCreate: [], others: [] };
  const named = open.map(({ given }) => given);
  return decideBy(indexed(await findExistingOrganizations(tx, provider, named)), open, now);
}

interface OpenRow {
  readonly row: ImportRow;
  readonly given: OrganizationRow;
}

function openOf(rows: readonly ImportRow[]): OpenRow[] {
  return rows.filter(({ outcome }) => outcome === null).map((row) => ({ row, given: givenOf(row) }));
}

function decideBy(existing: ExistingOrganizations, open: readonly OpenRow[], now: Date): DecidedRows {
  const toCreate: RowToCreate[] = [];
  const others: ImportRow[] = [];
  for (const { row, given } of open) {
    const decision = decideRow(given, existing, now);
    if (decision.outcome === 'UNCHANGED') {
      others.push({ ...row, outcome: 'UNCHANGED', organizationId: decision.organizationId });
    } else if (decision.outcome === 'REFUSED') {
      others.push({ ...row, outcome: 'REFUSED', organizationId: null, errors: decision.errors });
    } else if (row.organizationId !== null) {
      toCreate.push({ organizationId: row.organizationId, given });
    }
  }
  return { toCreate, others };
}

function givenOf({ row, cells }: ImportRow): OrganizationRow {
  const { organization } = parseRow(row, cells);
  if (organization === undefined) throw new Error(`row ${row} was valid when it was kept`);
  return organization;
}

function indexed(found: readonly ExistingOrganization[]): ExistingOrganizations {
  const byName = new Map(found.map((organization) => [fold(organization.name), organization]));
  const byExternalId = new Map(found.map((organization) => [organization.externalId, organization]));
  return { byFoldedName: (folded) => byName.get(folded), byExternalId: (externalId) => byExternalId.get(externalId) };
}
