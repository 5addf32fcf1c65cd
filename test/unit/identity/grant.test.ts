import { describe, expect, test } from 'vitest';
import { PLATFORM_HOME, type Place } from '../../../src/identity/actor.ts';
import {
  beyond,
  grantOf,
  mayGrant,
  ownRoleFits,
  parseBundle,
  requireMayGrant,
  requireMayManage,
  roleFits,
} from '../../../src/identity/grant.ts';
import { type Permission, permissions, permissionsOf, roles } from '../../../src/identity/permissions.ts';
import { newId } from '../../../src/ids.ts';
import { refusalOf } from '../refusal.ts';
import { cell, parseTable } from '../text-table.ts';
import { actorWith } from './actors.ts';

// Who may give whom which role, wherever it fits. Whoever may not manage staff at all is refused before this is asked.
const table = parseTable(`
grantor        | PLATFORM_ADMIN | PLATFORM_SUPPORT | PROVIDER_ADMIN | PROVIDER_SUPPORT | PROVIDER_VIEWER | ORG_ADMIN | ORG_VIEWER
PLATFORM_ADMIN | ✓              | ✓                | ✓              | ✓                | ✓               | ✓         | ✓
PROVIDER_ADMIN | ✓              | ✓                | ✓              | ✓                | ✓               | ✓         | ✓
ORG_ADMIN      |                |                  |                |                  | ✓               | ✓         | ✓
`);

const fits = parseTable(`
role             | platform | provider | organization
PLATFORM_ADMIN   | ✓        |          |
PLATFORM_SUPPORT | ✓        |          |
PROVIDER_ADMIN   |          | ✓        |
PROVIDER_SUPPORT |          | ✓        |
PROVIDER_VIEWER  |          | ✓        |
ORG_ADMIN        |          |          | ✓
ORG_VIEWER       |          |          | ✓
`);

const root = newId<'ServiceProvider'>();
const reseller = newId<'ServiceProvider'>();
const sibling = newId<'ServiceProvider'>();
const organizationId = newId<'Organization'>();
const places: Readonly<Record<string, Place>> = {
  platform: { ...PLATFORM_HOME, providerId: null },
  provider: { rootProviderId: root, providerId: reseller, providerPath: [root, reseller], organizationId: null },
  organization: { rootProviderId: root, providerId: reseller, providerPath: [root, reseller], organizationId },
};

function placeNamed(name: string): Place {
  const place = places[name];
  if (place === undefined) throw new Error(`no place ${name}`);
  return place;
}

function bundle(...names: Permission[]) {
  return { role: null, permissions: new Set(names) };
}

describe('a role that comes with the product', () => {
  const pairs = table.flatMap((row) =>
    roles.map((role) => [cell(row, 'grantor'), role, cell(row, role) === '✓'] as const),
  );
  test.each(pairs)('%s gives %s: %s', (grantor, role, isAllowed) => {
    const actor = actorWith(roles.find((candidate) => candidate === grantor) ?? 'ORG_VIEWER');
    expect(mayGrant(actor, grantOf(role))).toBe(isAllowed);
    expect(refusalOf(() => requireMayGrant(actor, grantOf(role)))?.code).toBe(isAllowed ? undefined : 'FORBIDDEN');
    expect(refusalOf(() => requireMayManage(actor, grantOf(role)))?.code).toBe(isAllowed ? undefined : 'FORBIDDEN');
  });

  const cells = fits.flatMap((row) =>
    Object.keys(places).map((place) => [cell(row, 'role'), place, cell(row, place) === '✓'] as const),
  );
  test.each(cells)('%s is for people of the %s: %s', (role, place, isFit) => {
    const named = roles.find((candidate) => candidate === role);
    expect(named !== undefined && roleFits(named, placeNamed(place))).toBe(isFit);
  });

  test('may reveal keys only when the platform appoints somebody who does, and that with everything else', () => {
    const admin = actorWith('PLATFORM_ADMIN');
    expect(admin.permissions.has('apiKey:reveal')).toBe(false);
    expect(mayGrant(admin, grantOf('PROVIDER_ADMIN'))).toBe(true);
    const account = { ...admin, permissions: new Set<Permission>(['staff:manage', 'apiKey:view']) };
    expect(mayGrant(account, grantOf('PROVIDER_VIEWER'))).toBe(true);
    for (const role of ['PLATFORM_ADMIN', 'PROVIDER_ADMIN', 'ORG_ADMIN'] as const) {
      expect(mayGrant(account, grantOf(role))).toBe(false);
    }
    const noManager = { ...admin, permissions: permissionsOf('PLATFORM_SUPPORT') };
    expect(beyond(noManager, grantOf('ORG_ADMIN'))).toContain('apiKey:reveal');
  });
});

describe('a bundle', () => {
  test.each(roles)('of a %s may hold what they hold, and nothing else', (role) => {
    const actor = actorWith(role);
    for (const permission of permissions) {
      expect(mayGrant(actor, bundle(permission))).toBe(permissionsOf(role).has(permission));
    }
    expect(mayGrant(actor, bundle(...permissionsOf(role)))).toBe(true);
  });

  test('that is refused is refused by the names of what is too much', () => {
    const refusal = refusalOf(() => requireMayGrant(actorWith('ORG_ADMIN'), bundle('apiKey:view', 'apiKey:sync')));
    expect(refusal?.message).toContain('apiKey:sync');
    expect(refusal?.message).not.toContain('apiKey:view');
  });

  test('that reveals keys keeps nobody safe from the platform, which may dismiss them', () => {
    expect(() => requireMayManage(actorWith('PLATFORM_ADMIN'), bundle('apiKey:reveal'))).not.toThrow();
    expect(() => requireMayManage(actorWith('PLATFORM_SUPPORT'), bundle('apiKey:reveal'))).toThrow('apiKey:reveal');
  });

  test('is never revealing when the platform gives it', () => {
    expect(mayGrant(actorWith('PLATFORM_ADMIN'), bundle('apiKey:reveal'))).toBe(false);
  });

  test.each([
    ['its own provider', [root, reseller], null, ['apiKey:sync'], true],
    ['a provider below', [root, reseller, sibling], null, ['apiKey:sync'], true],
    ['the provider above', [root], null, ['apiKey:sync'], false],
    ['a sibling', [root, sibling], null, ['apiKey:view'], false],
    ['an organization', [root, reseller], organizationId, ['apiKey:view', 'apiKey:reveal'], true],
    ['an organization, with what its people cannot hold', [root, reseller], organizationId, ['apiKey:sync'], false],
    ['a provider, with what only programs hold', [root, reseller], null, ['gateway:verify'], false],
  ] as const)('fits people of %s or not', (_, providerPath, organization, names, isFit) => {
    const role = { rootProviderId: root, providerId: reseller, permissions: new Set<Permission>(names) };
    const providerId = providerPath.at(-1) ?? null;
    const place = { rootProviderId: root, providerId, providerPath, organizationId: organization };
    expect(ownRoleFits(role, place)).toBe(isFit);
  });

  test('fits nobody of the platform or of another root', () => {
    const role = { rootProviderId: root, providerId: root, permissions: permissionsOf('PROVIDER_VIEWER') };
    expect(ownRoleFits(role, placeNamed('platform'))).toBe(false);
    expect(ownRoleFits(role, { ...placeNamed('provider'), rootProviderId: sibling })).toBe(false);
  });

  test('is read as permissions, each once, and refused with anything else', () => {
    expect([...parseBundle('permissions', ['apiKey:view', 'apiKey:sync', 'apiKey:view'])]).toEqual([
      'apiKey:view',
      'apiKey:sync',
    ]);
    for (const names of [[], ['apiKey:everything'], ['apiKey:view', ''], ['gateway:verify', 'apiKey:view']]) {
      expect(refusalOf(() => parseBundle('permissions', names))).toMatchObject({
        code: 'VALIDATION_FAILED',
        field: ['permissions'],
      });
    }
  });
});

describe('under a delegation', () => {
  test.each(roles)('%s hands out nothing and touches nobody: it would outlast it', (role) => {
    const actor = { ...actorWith('PROVIDER_ADMIN'), onBehalfOf: 'Another provider' };
    expect(mayGrant(actor, grantOf(role))).toBe(false);
    expect(refusalOf(() => requireMayGrant(actor, grantOf(role)))?.code).toBe('FORBIDDEN');
    expect(refusalOf(() => requireMayManage(actor, grantOf(role)))?.code).toBe('FORBIDDEN');
  });
});
