import { encodeActorId, encodeGlobalId } from '../../src/graphql/global-id.ts';
import { newId, type ServiceProviderRef, type StaffMemberId } from '../../src/ids.ts';
import { type Target, type Thing, things } from './things.ts';

/** Of the caller's own root: there is nothing that it could be mistaken for. */
export function missingTarget({ rootProviderId }: ServiceProviderRef): Target {
  const types: Partial<Record<Thing, Parameters<typeof encodeGlobalId>[0]>> = {
    ProviderAccountSecret: 'ServiceAccountSecret',
    OrganizationAccountSecret: 'ServiceAccountSecret',
    ProviderAuditEvent: 'AuditEvent',
    Import: 'BulkOperation',
  };
  const idOf = (thing: Thing): string => {
    if (/(Staff|Account)$/.test(thing)) return encodeActorId(newId<'StaffMember'>() satisfies StaffMemberId);
    const type = types[thing] ?? (thing as Parameters<typeof encodeGlobalId>[0]);
    return encodeGlobalId(type, rootProviderId, newId());
  };
  return {
    relation: 'missing',
    ids: Object.fromEntries(things.map((thing) => [thing, idOf(thing)])) as Record<Thing, string>,
    words: {
      organizationName: `Organization ${'x'.repeat(15)}`,
      providerName: `Provider ${'x'.repeat(15)}`,
      fingerprint: '0'.repeat(64),
      organizationUsername: `${'x'.repeat(15)}@keyward.test`,
      providerUsername: `${'x'.repeat(15)}@keyward.test`,
    },
  };
}
