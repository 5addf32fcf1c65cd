import { type OrganizationId, PLATFORM_ROOT_ID, type ServiceProviderId } from '../../src/ids.ts';
import { canariesIn, type Unfolded, unfold, uuidsIn } from '../support/canary.ts';
import { tenantTables } from '../support/tenant-tables.ts';
import type { TestDatabase } from '../support/test-database.ts';
import type { Standing } from './things.ts';

/** From where a caller looks at the tenants. */
export interface Viewpoint {
  readonly standing: Standing;
  readonly rootProviderId: ServiceProviderId;
  /** Whose subtree it is, for somebody of a provider; whose face they see, for others. */
  readonly providerIds: readonly ServiceProviderId[];
  /** For whoever sees organizations one by one. */
  readonly organizationIds: readonly OrganizationId[];
  /** Everybody sees themselves, also where they are not at home. */
  readonly selfId: string | null;
}

type Columns = Readonly<Record<string, unknown>>;

interface TenantTableRow {
  readonly table: string;
  readonly text: string;
  readonly columns: Columns;
}

/** The work of the chain, which follows every event. */
const FOLLOWS = ['audit_unsealed', 'audit_link', 'audit_chain'];

/** Every row of every tenant table, as the owner sees it. */
export async function readTenantRows(database: TestDatabase): Promise<TenantTableRow[]> {
  const tables = await tenantTables(database);
  const selects = tables
    .filter((name) => !FOLLOWS.includes(name))
    .map((name) => `select '${name}' as "table", to_jsonb(t)::text as text from "${name}" t`);
  const rows = await database.query<{ table: string; text: string }>(`${selects.join(' union all ')} order by 1, 2`);
  return rows.map(({ table, text }) => ({ table, text, columns: JSON.parse(text) as Columns }));
}

/** Whether the row is the caller's to see: by its place alone, said in other words than the program's. */
function isVisible({ standing, providerIds, organizationIds }: Viewpoint, { table, columns }: TenantTableRow): boolean {
  if (standing === 'PLATFORM') return true;
  const path = columns['provider_path'] ?? columns['path'];
  if (standing === 'PROVIDER') return Array.isArray(path) && providerIds.some((id) => path.includes(id));
  // A group is its provider's, and so is what is sent about an organization.
  if (table === 'organization_group_member' || table === 'webhook_delivery') return false;
  if (table === 'service_provider') return providerIds.some((id) => columns['id'] === id);
  const organizationId = columns[table === 'organization' ? 'id' : 'organization_id'];
  return organizationIds.some((id) => organizationId === id);
}

/** Where the row stands, rather than what it says. */
const PLACE = ['provider_path', 'path', 'parent_id', 'root_provider_id'];
/** The trail's own words, which must not tell what its reader cannot see elsewhere. */
const STATE = ['before', 'after'];

function textOf({ columns }: TenantTableRow): string {
  // An export is written down with what was asked for, which whoever asked knew.
  const isExport = /^\w+\.export$/.test(String(columns['action']));
  const withheld = isExport ? PLACE : [...PLACE, ...STATE];
  return JSON.stringify(Object.entries(columns).filter(([name]) => !withheld.includes(name)));
}

/** What a caller may see, and by what one knows that it is something else. */
export interface Sight {
  readonly canaries: ReadonlySet<string>;
  readonly hiddenIds: ReadonlySet<string>;
  readonly hiddenRoots: ReadonlySet<string>;
  /** Fingerprints, key strings and their ends, and numbers that one tenant alone has; each with what it is. */
  readonly hiddenWords: ReadonlyMap<string, string>;
  /** All that the caller does not see, to tell whether anybody changed it. */
  readonly hiddenRows: readonly string[];
}

/** @param keyStrings by organization id: they are nowhere in the database in the clear */
export function sightOf(
  viewpoint: Viewpoint,
  rows: readonly TenantTableRow[],
  keyStrings: ReadonlyMap<string, string>,
): Sight {
  const visible = rows.filter((row) => isVisible(viewpoint, row));
  const hidden = rows.filter((row) => !isVisible(viewpoint, row));
  const visibleText = visible.map(textOf).join('\n');
  const visibleIds = new Set([...uuidsIn(visibleText), viewpoint.selfId]);
  const hiddenIds = hidden.map(({ columns }) => String(columns['id'])).filter((id) => !visibleIds.has(id));
  const words = (from: readonly TenantTableRow[]) => from.flatMap((row) => wordsOf(row, keyStrings));
  const visibleWords = new Map(words(visible));
  const open = [viewpoint.rootProviderId, PLATFORM_ROOT_ID]; // people of all tenants are named by ids without a root
  const roots = hidden.map(({ columns }) => String(columns['root_provider_id']));
  return {
    canaries: new Set(canariesIn(visibleText)),
    hiddenIds: new Set(hiddenIds),
    hiddenRoots: new Set(roots.filter((root) => !open.some((id) => id === root))),
    hiddenWords: new Map(words(hidden).filter(([word]) => !visibleWords.has(word))),
    hiddenRows: hidden.map(({ table, text }) => `${table} ${text}`),
  };
}

const LEAST_TELLING_NUMBER = 100_000;

/** A key string is never shown, not even by a test that found it where it must not be. */
function wordsOf({ table, columns }: TenantTableRow, keyStrings: ReadonlyMap<string, string>): [string, string][] {
  const numbers = Object.entries(columns).flatMap(([name, value]): [string, string][] => {
    return typeof value === 'number' && value >= LEAST_TELLING_NUMBER ? [[String(value), `${name} ${value}`]] : [];
  });
  if (table !== 'api_key' || columns['fingerprint'] === null) return numbers;
  const organizationId = String(columns['organization_id']);
  const fingerprint = String(columns['fingerprint']).replace('\\x', '');
  const keyString = columns['kind'] === 'CLOUD_SERVICE' ? keyStrings.get(organizationId) : undefined;
  return [
    ...numbers,
    [fingerprint, `fingerprint ${fingerprint}`],
    [String(columns['last_four']), `the end of the key of ${organizationId}`],
    ...(keyString === undefined ? [] : [[keyString, `the key of ${organizationId}`] satisfies [string, string]]),
  ];
}

/** What an answer tells of tenants that its reader does not see. */
export function leaksIn(answer: string, sight: Sight): string[] {
  const { texts, ids, roots }: Unfolded = unfold(answer);
  const words = texts.flatMap((text) => text.match(/[A-Za-z0-9]{4,}/g) ?? []);
  return [
    ...texts.flatMap(canariesIn).filter((word) => !sight.canaries.has(word)),
    ...[...ids].filter((id) => sight.hiddenIds.has(id)),
    ...[...roots].filter((root) => sight.hiddenRoots.has(root)),
    ...words.flatMap((word) => sight.hiddenWords.get(word) ?? []),
  ];
}
