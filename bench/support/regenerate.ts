import { regenerateApiKey } from '../../src/api-key/api-key.service.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import type { BenchInstallation } from './bench-installation.ts';
import { keepScripts, type PgbenchScripts } from './pgbench.ts';
import { recordStatements } from './recorder.ts';

const mutation =
  'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { keyString userErrors { code } } }';

/** What every answer of one that was done contains. */
export const REGENERATED = '"keyString":"';

/** The body of a request for a new key. */
export function regenerateBody({ rootProviderId, organizationId }: OrganizationRef): string {
  const input = { organizationId: encodeGlobalId('Organization', rootProviderId, organizationId) };
  return JSON.stringify({ query: mutation, variables: { input } });
}

/** The statements of one regenerate of each, for pgbench. */
export async function regenerateScripts(
  { ctx }: BenchInstallation,
  organizations: readonly OrganizationRef[],
): Promise<PgbenchScripts> {
  const recorded = [];
  for (const organization of organizations) {
    const input = { organization, kind: 'CLOUD_SERVICE', expectedVersion: null, idempotencyKey: null } as const;
    recorded.push(await recordStatements(() => regenerateApiKey({ ...ctx, now: new Date() }, input)));
  }
  return keepScripts(recorded);
}
