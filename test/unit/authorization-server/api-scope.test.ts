import { expect, test } from 'vitest';
import { apiScopesOf } from '../../../src/authorization-server/api-scope.ts';

const of = (organization: string, role: string) => ({ organization, role });

test.for<[Record<string, unknown>, ReturnType<typeof of>[]]>([
  [{}, []],
  [{ scope: 'acme::admin' }, [of('acme', 'admin')]],
  [{ scope: ' openid  acme::admin acme::audit other ' }, [of('acme', 'admin'), of('acme', 'audit')]],
  [{ scp: ['acme::admin', 7, null, 'openid'] }, [of('acme', 'admin')]],
  [{ scope: 'acme::a', scp: 'acme::b' }, [of('acme', 'a'), of('acme', 'b')]],
  [{ scp: ['Acme & Sons::admin'] }, [of('Acme & Sons', 'admin')]],
  [{ scope: 'a::b::c' }, [of('a::b', 'c')]],
  [{ scope: '::admin acme:: acme:admin acme ::' }, []],
  [{ scp: ['acme::a b', 'acme::"', 'acme::\n', 'acme::é', `acme::${'x'.repeat(101)}`] }, []],
  [{ scope: 7, scp: { 0: 'acme::admin' } }, []],
])('%j', ([claims, scopes]) => {
  expect(apiScopesOf(claims)).toEqual(scopes);
});
