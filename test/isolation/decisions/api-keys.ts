import { NIL_ID } from '../../../src/ids.ts';
import { encodeCursor } from '../../../src/page.ts';
import { by, commands, type Decision, id, reads } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import type { Target } from '../things.ts';
import { A_YEAR_AGO, parentProvider, slot } from './asks.ts';

/** A position in the list of groups, at a string that the caller may not see. */
const groupCursor = by(
  'Organization',
  ({ words }) => {
    const position = { value: `1 ${words.fingerprint}`, id: NIL_ID };
    return { after: encodeCursor('ORGANIZATION_COUNT_DESC', position), minimumCount: 1 };
  },
  { by: 'after', isLookUp: false },
);

/** One key, and what shows several of them at once. */
export const apiKeyDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Organization.apiKey': reads(
    by('Organization', ({ ids }: Target) => ({ node: ids.Organization, kind: 'SANDBOX_SUBMISSION' })),
  ),
  'ApiKeyUsage.history': reads(
    by('ApiKey', ({ ids }) => ({ node: ids.ApiKey, since: A_YEAR_AGO, granularity: 'DAY' }), { by: 'parent' }),
  ),
  'Query.apiKeyDrift': reads(id('ServiceProvider', 'serviceProviderId')),
  'ApiKeyDrift.organizations': reads(parentProvider),
  'Query.apiKeyGroups': reads(
    by('ServiceProvider', ({ ids }) => ({ serviceProviderId: ids.ServiceProvider, minimumCount: 1 })),
    groupCursor,
  ),
  'ApiKeyGroup.organizations': reads(parentProvider),
  'Mutation.addApiKey': commands('apiKey:manage', slot()),
  'Mutation.editApiKey': commands('apiKey:manage', slot({ newKey: 'abcDEF123456' })),
  'Mutation.regenerateApiKey': commands('apiKey:manage', slot()),
  'Mutation.deleteApiKey': commands('apiKey:manage', slot()),
  'Mutation.revealApiKey': commands('apiKey:reveal', slot()),
  'Mutation.disableApiKey': commands('apiKey:enable', slot({ reason: 'SECURITY_INCIDENT' })),
  'Mutation.enableApiKey': commands('apiKey:enable', slot({ note: 'as agreed' })),
};
