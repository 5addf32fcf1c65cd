import { describe, expect, test } from 'vitest';
import { PLATFORM_SCOPE, type Scope } from '../../../src/database/scope.ts';
import {
  decideAcceptance,
  delegablePermissions,
  delegationRoles,
  delegationStatus,
  isGrantee,
  refuseBadExpiry,
  refuseLending,
  refuseWhenOver,
  seesDelegation,
  sideOf,
} from '../../../src/delegation/delegation.ts';
import { permissions, permissionsOf, roles } from '../../../src/identity/permissions.ts';
import { newId } from '../../../src/ids.ts';
import { refusalOf } from '../refusal.ts';
import { cell, parseTable } from '../text-table.ts';
import {
  at,
  below,
  belowGrantee,
  delegationWith,
  grantee,
  granteeRoot,
  grantor,
  NOW,
  organizations,
  root,
  sibling,
} from './delegations.ts';

describe('the status', () => {
  test.for(
    parseTable(`
    accepted | ended | expires | status
    no       | no    | later   | PENDING
    yes      | no    | later   | ACTIVE
    yes      | no    | now     | EXPIRED
    yes      | no    | earlier | EXPIRED
    no       | no    | now     | EXPIRED
    no       | no    | earlier | EXPIRED
    no       | yes   | later   | ENDED
    yes      | yes   | later   | ENDED
    yes      | yes   | earlier | ENDED
    no       | yes   | earlier | ENDED
    `),
  )('accepted: $accepted, ended: $ended, expires $expires: $status', (row) => {
    const expiresAt = at({ later: 1, now: 0, earlier: -1 }[cell(row, 'expires')] ?? Number.NaN);
    const acceptedAt = cell(row, 'accepted') === 'yes' ? at(-9) : null;
    const endedAt = cell(row, 'ended') === 'yes' ? at(-1) : null;
    expect(delegationStatus({ expiresAt, acceptedAt, endedAt }, NOW)).toBe(cell(row, 'status'));
  });
});

describe('what can be lent', () => {
  // DOMAIN.md, "Who may do what", less whatever outlives the delegation.
  const table = parseTable(`
    permission          | PROVIDER_ADMIN | PROVIDER_SUPPORT | PROVIDER_VIEWER
    apiKey:view         | ✓              | ✓                | ✓
    apiKey:reveal       | ✓              |                  |
    apiKey:manage       | ✓              |                  |
    apiKey:sync         | ✓              |                  |
    apiKey:enable       | ✓              | ✓                |
    subscription:manage | ✓              |                  |
    organization:manage |                |                  |
    provider:manage     |                |                  |
    staff:manage        |                |                  |
    audit:view          | ✓              | ✓                |
    webhook:manage      |                |                  |
    rotation:manage     |                |                  |
    gateway:verify      |                |                  |
  `);

  test('the table knows every permission', () => {
    expect(table.map((row) => cell(row, 'permission')).sort()).toEqual([...permissions].sort());
  });

  test.each(delegationRoles)('with %s is what is ticked, and no more', (role) => {
    const ticked = table.filter((row) => cell(row, role) === '✓').map((row) => cell(row, 'permission'));
    expect([...delegablePermissions(role)].sort()).toEqual(ticked.sort());
  });
});

const provider = (rootProviderId: typeof root, providerId: typeof root): Scope => ({
  level: 'PROVIDER',
  rootProviderId,
  providerId,
});
const organization = (rootProviderId: typeof root, providerId: typeof root): Scope => ({
  level: 'ORGANIZATION',
  rootProviderId,
  providerId,
  organizationIds: organizations,
});

describe('the side', () => {
  test.each<[string, Scope, ReturnType<typeof sideOf>]>([
    ['the platform', PLATFORM_SCOPE, 'GRANTED'],
    ['the grantor', provider(root, grantor), 'GRANTED'],
    ['the provider above the grantor', provider(root, root), 'GRANTED'],
    ['a reseller below the grantor', provider(root, below), null],
    ['a sibling of the grantor', provider(root, sibling), null],
    ['the grantee', provider(granteeRoot, grantee), 'RECEIVED'],
    ['the provider above the grantee', provider(granteeRoot, granteeRoot), null],
    ['a reseller below the grantee', provider(granteeRoot, belowGrantee), null],
    ['the grantee’s id under another root', provider(root, grantee), null],
    ['people of the lent organizations', organization(root, grantor), null],
    ['people of an organization of the grantee', organization(granteeRoot, grantee), null],
    ['somebody signing in', { level: 'SIGN_IN', rootProviderId: granteeRoot, signInId: newId<'StaffMember'>() }, null],
    ['a look-up in the directory', { level: 'DIRECTORY', key: grantee }, null],
  ])('of %s', (_, scope, side) => {
    const delegation = delegationWith();
    expect(sideOf(scope, delegation)).toBe(side);
    expect(seesDelegation(scope, delegation)).toBe(side !== null);
    expect(isGrantee(scope, delegation)).toBe(side === 'RECEIVED');
  });

  test('of a provider that is lent what a reseller below it has is the receiving one', () => {
    const delegation = delegationWith({ granteeRootProviderId: root, granteeProviderId: root });
    expect(sideOf(provider(root, root), delegation)).toBe('RECEIVED');
    expect(sideOf(provider(root, grantor), delegation)).toBe('GRANTED');
  });
});

describe('the end date', () => {
  const now = new Date('2028-02-29T12:00:00.000Z');
  test.each([
    ['2028-02-29T12:00:00.001Z', true],
    ['2028-02-29T12:00:00.000Z', false],
    ['2020-01-01T00:00:00.000Z', false],
    ['2030-02-28T12:00:00.000Z', true],
    ['2030-03-01T12:00:00.000Z', true],
    ['2030-03-01T12:00:00.001Z', false],
    ['9999-01-01T00:00:00.000Z', false],
  ])('%s, asked for on 29 February 2028 at noon: %s', (expiresAt, isTaken) => {
    const refusal = refusalOf(() => refuseBadExpiry(new Date(expiresAt), now));
    expect(refusal === null).toBe(isTaken);
    if (refusal !== null) expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['expiresAt'] });
  });
});

describe('nobody lends what they do not hold', () => {
  const scopeOfRole = (role: string) =>
    role.startsWith('PLATFORM')
      ? PLATFORM_SCOPE
      : role.startsWith('ORG')
        ? organization(root, grantor)
        : provider(root, grantor);

  test.each(roles.flatMap((role) => delegationRoles.map((lent) => [role, lent] as const)))(
    '%s lends %s only when every permission is theirs',
    (role, lent) => {
      const held = permissionsOf(role);
      const isHeld = [...delegablePermissions(lent)].every((permission) => held.has(permission));
      const refusal = refusalOf(() => refuseLending({ scope: scopeOfRole(role), permissions: held }, lent));
      expect(refusal === null).toBe(isHeld && !role.startsWith('ORG'));
      expect(refusal?.code ?? 'FORBIDDEN').toBe('FORBIDDEN');
    },
  );

  test('platform staff, who reveal nothing, cannot lend a role that does', () => {
    const lending = { scope: PLATFORM_SCOPE, permissions: permissionsOf('PLATFORM_ADMIN') };
    expect(refusalOf(() => refuseLending(lending, 'PROVIDER_ADMIN'))?.message).toContain('apiKey:reveal');
    expect(refusalOf(() => refuseLending(lending, 'PROVIDER_SUPPORT'))).toBeNull();
  });
});

describe('an answer', () => {
  const states = {
    PENDING: delegationWith({ acceptedAt: null }),
    ACTIVE: delegationWith(),
    EXPIRED: delegationWith({ expiresAt: NOW }),
    ENDED: delegationWith({ endedAt: at(-1) }),
  };

  test.each([
    ['PENDING', null, true],
    ['ACTIVE', null, false],
    ['EXPIRED', 'DELEGATION_ENDED', null],
    ['ENDED', 'DELEGATION_ENDED', null],
  ] as const)('to one that is %s: accepting gives %s, and changes something: %s', (status, code, changes) => {
    const decided: boolean[] = [];
    const refusal = refusalOf(() => {
      decided.push(decideAcceptance(states[status], provider(granteeRoot, grantee), NOW));
    });
    expect(refusal?.code ?? null).toBe(code);
    expect(decided[0] ?? null).toBe(changes);
    expect(refusalOf(() => refuseWhenOver(states[status], NOW))?.code ?? null).toBe(code);
  });

  test.each([PLATFORM_SCOPE, provider(root, grantor), provider(root, root)])(
    'is not accepted by the other side, whatever its state',
    (scope) => {
      for (const delegation of Object.values(states)) {
        expect(refusalOf(() => decideAcceptance(delegation, scope, NOW))?.code).toBe('FORBIDDEN');
      }
    },
  );
});
