import { type AccessTokenClaims, signAccessToken } from '../../src/authentication/access-token.ts';
import { createAuthenticate } from '../../src/authentication/authenticate.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { type Authority, mostOf, type Permission, type Role } from '../../src/identity/permissions.ts';
import type { DelegationRef } from '../../src/ids.ts';
import { createStaff, placeOf, type TestStaff } from '../support/fixtures.ts';
import {
  insertCustomRole,
  insertDelegation,
  insertServiceAccount,
  insertSession,
} from '../support/tenant-rows/access.ts';
import type { Viewpoint } from './sight.ts';
import type { Installation } from './tenant-organization.ts';
import type { Standing } from './things.ts';
import type { World } from './world.ts';

/** Whoever asks in the matrix, as the program itself makes them out. */
export interface Caller {
  readonly name: string;
  readonly viewpoint: Viewpoint;
  readonly actor: Actor;
  /** What they send along with every request. */
  readonly headers: Readonly<Record<string, string>>;
}

type Login = Pick<Caller, 'actor' | 'headers'>;

const providerRoles = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER'] as const;
const organizationRoles = ['ORG_ADMIN', 'ORG_VIEWER'] as const;
const platformRoles = ['PLATFORM_ADMIN', 'PLATFORM_SUPPORT'] as const;

/** Everybody who can ask, standing at the tenant `own`; a delegate is of `grantee`. The platform's come last. */
export async function createCallers(world: World): Promise<Caller[]> {
  const { keyward, providers, organizations } = world;
  const at = (standing: Standing, name: string, { actor, headers }: Login): Caller => {
    return { name, viewpoint: { ...viewpointOf(world, standing), selfId: actor.id }, actor, headers };
  };
  const staff = async (role: Role, place: Parameters<typeof createStaff>[2]) =>
    signIn(keyward, await createStaff(keyward.services, role, place));
  const callers: Caller[] = [];
  for (const role of providerRoles) callers.push(at('PROVIDER', role, await staff(role, providers.own)));
  callers.push(at('PROVIDER', 'custom role', await customRole(world)));
  callers.push(
    at('PROVIDER', "provider's service account", await serviceAccount(world, 'SERVICE_PROVIDER', providers.own)),
  );
  for (const role of organizationRoles) callers.push(at('ORGANIZATION', role, await staff(role, organizations.own)));
  callers.push(
    at(
      'ORGANIZATION',
      "organization's service account",
      await serviceAccount(world, 'ORGANIZATION', organizations.own),
    ),
  );
  callers.push(at('DELEGATE', 'delegate', await delegate(world)));
  for (const role of platformRoles) callers.push(at('PLATFORM', role, await staff(role, 'PLATFORM')));
  return callers;
}

function viewpointOf({ providers, organizations }: World, standing: Standing): Omit<Viewpoint, 'selfId'> {
  const { rootProviderId, serviceProviderId: own } = providers.own;
  const faces = standing === 'DELEGATE' ? [own, providers.child.serviceProviderId] : [own];
  const lent = [organizations.own.organizationId, organizations.child.organizationId];
  return {
    standing,
    rootProviderId,
    providerIds: faces,
    organizationIds: standing === 'DELEGATE' ? lent : lent.slice(0, 1),
  };
}

async function signIn(
  { services, database }: Installation,
  { member }: TestStaff,
  delegation: DelegationRef | null = null,
): Promise<Login> {
  const { rootProviderId, id: staffMemberId } = member;
  const sessionId = await insertSession(database, member, staffMemberId);
  return show(
    services,
    { kind: 'STAFF_MEMBER', rootProviderId, staffMemberId, sessionId, sessionEpoch: 0 },
    delegation,
  );
}

async function show(
  services: Installation['services'],
  claims: AccessTokenClaims,
  delegation: DelegationRef | null,
): Promise<Login> {
  const now = new Date();
  const token = await signAccessToken(services.signingKeys, claims, now);
  const actor = await createAuthenticate(services)(
    { token, delegation, requestId: 'login', ipAddress: '192.0.2.1' },
    now,
  );
  if (actor === null) throw new Error('nobody is known by this token');
  const under = delegation && encodeGlobalId('Delegation', delegation.rootProviderId, delegation.delegationId);
  return {
    actor,
    headers: { authorization: `Bearer ${token}`, ...(under === null ? {} : { 'x-keyward-delegation': under }) },
  };
}

/** Of the provider, with a bundle that no role of the product has. */
async function customRole({ keyward, providers }: World): Promise<Login> {
  const { services, database } = keyward;
  const bundle: Permission[] = ['apiKey:view', 'apiKey:reveal', 'audit:view', 'organization:manage', 'staff:manage'];
  const staff = await createStaff(services, 'PROVIDER_VIEWER', providers.own);
  const roleId = await insertCustomRole(database, staff.member, bundle);
  await database.query(
    `update staff_member m set role = null, custom_role_id = r.id, custom_role_name = r.name, custom_permissions = r.permissions
     from custom_role r where m.id = $1 and r.id = $2`,
    [staff.member.id, roleId],
  );
  return signIn(keyward, staff);
}

/** With all that one can hold there. */
async function serviceAccount(
  { keyward }: World,
  authority: Authority,
  at: Parameters<typeof placeOf>[1],
): Promise<Login> {
  const { services, database } = keyward;
  const place = await placeOf(services, at);
  const held = [...mostOf(authority)];
  const { id: serviceAccountId, secretId } = await insertServiceAccount(database, place, held);
  const { rootProviderId } = place;
  const claims = { kind: 'SERVICE_ACCOUNT' as const, rootProviderId, serviceAccountId, secretId, permissions: held };
  return show(services, claims, null);
}

/** Of a foreign provider, who has been lent one organization of `own` and one of its reseller. */
async function delegate(world: World): Promise<Login> {
  const { keyward, providers, organizations } = world;
  const { services, database } = keyward;
  const { rootProviderId: granteeRootProviderId, serviceProviderId: granteeProviderId } = providers.grantee;
  const grantor = { ...(await placeOf(services, providers.own)), organizationId: null };
  const delegationId = await insertDelegation(database, grantor, {
    organizationIds: [organizations.own.organizationId, organizations.child.organizationId],
    role: 'PROVIDER_ADMIN',
    granteeRootProviderId,
    granteeProviderId,
  });
  const staff = await createStaff(services, 'PROVIDER_ADMIN', providers.grantee);
  return signIn(keyward, staff, { rootProviderId: grantor.rootProviderId, delegationId });
}
