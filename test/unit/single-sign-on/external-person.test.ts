import { describe, expect, test } from 'vitest';
import { personOf } from '../../../src/single-sign-on/external-person.ts';
import type { RoleMapping } from '../../../src/single-sign-on/trusted-issuer.ts';

const ADMIN: RoleMapping = { value: 'admin', role: 'PROVIDER_ADMIN', customRoleId: null };
const VIEWER: RoleMapping = { value: 'viewer', role: 'PROVIDER_VIEWER', customRoleId: null };
const ISSUER = { roleClaim: 'roles', roleMapping: [ADMIN, VIEWER], domains: [] };

describe('the role of somebody', () => {
  const cases: [string, unknown, RoleMapping | null][] = [
    ['roles', 'admin', ADMIN],
    ['roles', ['viewer'], VIEWER],
    ['roles', ['viewer', 'admin'], ADMIN],
    ['roles', ['Admin'], null],
    ['roles', 'admin viewer', null],
    ['roles', ['administrator', 'adm'], null],
    ['roles', [], null],
    ['roles', null, null],
    ['roles', { admin: true }, null],
    ['roles', [['admin']], null],
    ['roles', 1, null],
    ['a.b', { a: { b: 'admin' } }, ADMIN],
    ['a.b', { 'a.b': 'admin' }, ADMIN],
    ['a.b', { a: [{ b: 'admin' }] }, null],
    ['a.b', { a: 'admin' }, null],
    ['a.b.c', { a: { b: null } }, null],
    ['constructor.name', { a: 'admin' }, null],
    ['__proto__.x', JSON.parse('{"__proto__":{"y":"admin"}}'), null],
  ];
  test.for(cases)('in the claim %s of %j', ([roleClaim, value, mapping]) => {
    const claims = roleClaim === 'roles' ? { roles: value } : (value as object);
    const person = personOf({ ...claims, sub: 's' }, { ...ISSUER, roleClaim });
    expect(person?.mapping ?? null).toEqual(mapping);
  });

  test('is not found where claims inherit from', () => {
    const roleMapping: RoleMapping[] = [{ ...ADMIN, value: 'Object' }];
    expect(personOf({ sub: 's' }, { ...ISSUER, roleClaim: 'constructor.name', roleMapping })).toBeNull();
  });
});

describe('the name of somebody', () => {
  const cases: [Record<string, unknown>, string, string][] = [
    [{ email: 'ann@a.example', preferred_username: 'ann', name: 'Ann' }, 'ann@a.example', 'Ann'],
    [{ email: 'ann@a.example', email_verified: false, preferred_username: 'ann' }, 'ann', 'ann'],
    [{ email: 'ann@a.example', email_verified: 'false' }, 's', 's'],
    [{ email: '', preferred_username: ' ' }, 's', 's'],
    [{ email: 'a'.repeat(201), name: 'two\nlines' }, 's', 's'],
    [{ email: 1, name: {} }, 's', 's'],
  ];
  test.for(cases)('of %j', ([claims, username, displayName]) => {
    const person = personOf({ ...claims, sub: 's', roles: 'admin' }, ISSUER);
    expect([person?.username, person?.displayName]).toEqual([username, displayName]);
  });
});

test('nobody comes in without a subject that can be written down as it is', () => {
  for (const sub of [undefined, null, '', ' ', ' s', 's ', 'a\0b', 'a\nb', 's'.repeat(256), 1, ['s']]) {
    expect([sub, personOf({ sub, roles: 'admin' }, ISSUER)]).toEqual([sub, null]);
  }
});
