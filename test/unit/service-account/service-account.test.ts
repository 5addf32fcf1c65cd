import { describe, expect, test } from 'vitest';
import type { Grantor } from '../../../src/identity/grant.ts';
import {
  type Authority,
  mostOf,
  type Permission,
  permissions,
  permissionsOf,
} from '../../../src/identity/permissions.ts';
import {
  mostOfServiceAccount,
  parsePermissions,
  requireGrantable,
} from '../../../src/service-account/service-account.ts';
import { refusalOf } from '../refusal.ts';

const places = ['PLATFORM', 'SERVICE_PROVIDER', 'ORGANIZATION'] as const satisfies readonly Authority[];

function grantor(authority: Authority, held: Iterable<Permission>, onBehalfOf: string | null = null): Grantor {
  return { authority, permissions: new Set(held), onBehalfOf };
}

describe('a service account holds', () => {
  test.each(places)(
    'at %s what a person there can hold at most, and gateways only above organizations',
    (authority) => {
      const most = mostOfServiceAccount(authority);
      expect([...most].filter((permission) => permission !== 'gateway:verify')).toEqual([...mostOf(authority)]);
      expect(most.has('gateway:verify')).toBe(authority !== 'ORGANIZATION');
      for (const permission of permissions) {
        const refusal = refusalOf(() => expect(parsePermissions([permission], authority)).toEqual([permission]));
        expect(refusal?.code).toBe(most.has(permission) ? undefined : 'VALIDATION_FAILED');
      }
    },
  );

  test('at least one permission, each once, in one order, and only what is a permission', () => {
    const given = ['staff:manage', 'apiKey:view', 'staff:manage'];
    expect(parsePermissions(given, 'ORGANIZATION')).toEqual(['apiKey:view', 'staff:manage']);
    for (const bad of [[], ['apikey:view'], ['apiKey:view', 'everything'], ['apiKey:view '], ['']]) {
      const refusal = refusalOf(() => parsePermissions(bad, 'PLATFORM'));
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['permissions'] });
    }
  });
});

describe('whoever hands out permissions', () => {
  test.each(places)(
    'at %s hands out each one that they hold and no other, but gateways above organizations',
    (place) => {
      for (const held of permissions) {
        for (const wanted of permissions) {
          const isTheirs = held === wanted || (wanted === 'gateway:verify' && place !== 'ORGANIZATION');
          const refusal = refusalOf(() => requireGrantable(grantor(place, [held]), [wanted]));
          expect([held, wanted, refusal?.code]).toEqual([held, wanted, isTheirs ? undefined : 'FORBIDDEN']);
        }
      }
    },
  );

  test('is told which ones are too many', () => {
    const refusal = refusalOf(() =>
      requireGrantable(grantor('SERVICE_PROVIDER', permissionsOf('PROVIDER_SUPPORT')), [
        'apiKey:view',
        'apiKey:manage',
      ]),
    );
    expect(refusal?.message).toContain('apiKey:manage');
    expect(refusal?.message).not.toContain('apiKey:view');
  });

  test('under a delegation hands out nothing: it would outlive the delegation', () => {
    const delegated = grantor('SERVICE_PROVIDER', permissionsOf('PROVIDER_ADMIN'), 'Another provider');
    expect(refusalOf(() => requireGrantable(delegated, ['apiKey:view']))?.code).toBe('FORBIDDEN');
  });
});
