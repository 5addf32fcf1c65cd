import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeScopeStatements,
  inSight,
  PLATFORM_SCOPE,
  type Scope,
  setScopeStatements,
  type TenantRow,
} from '../../../src/database/scope.ts';
import { type Id, newId } from '../../../src/ids.ts';

const root = newId<'ServiceProvider'>();
const reseller = newId<'ServiceProvider'>();
const resellerBelow = newId<'ServiceProvider'>();
const sibling = newId<'ServiceProvider'>();
const otherRoot = newId<'ServiceProvider'>();
const organization = newId<'Organization'>();
const otherOrganization = newId<'Organization'>();
const staffMember = newId<'StaffMember'>();

function row(providerPath: TenantRow['providerPath'], organizationId: TenantRow['organizationId'] = null): TenantRow {
  return { rootProviderId: providerPath[0] ?? root, providerPath, organizationId };
}

const rows: Readonly<Record<string, TenantRow>> = {
  'the root provider': row([root]),
  'an organization of the root provider': row([root], otherOrganization),
  'the reseller': row([root, reseller]),
  'an organization of the reseller': row([root, reseller], organization),
  'the reseller below': row([root, reseller, resellerBelow]),
  'an organization of the reseller below': row([root, reseller, resellerBelow], newId<'Organization'>()),
  'a sibling': row([root, sibling]),
  'an organization of a sibling': row([root, sibling], newId<'Organization'>()),
  'another root provider': row([otherRoot]),
  'the same ids under another root provider': row([otherRoot, reseller], organization),
  'the platform': row([]),
};

function seenBy(scope: Scope): string[] {
  return Object.keys(rows).filter((name) => inSight(scope, rows[name] ?? row([])));
}

function provider(providerId: TenantRow['rootProviderId']): Scope {
  return { level: 'PROVIDER', rootProviderId: root, providerId };
}

function organizations(...organizationIds: Id<'Organization'>[]): Scope {
  return { level: 'ORGANIZATION', rootProviderId: root, providerId: reseller, organizationIds };
}

describe('in sight', () => {
  test('of the platform is everything', () => {
    expect(seenBy(PLATFORM_SCOPE)).toEqual(Object.keys(rows));
  });

  test('of a root provider is its whole subtree, and nothing of another root provider', () => {
    expect(seenBy(provider(root))).toEqual(Object.keys(rows).slice(0, 8));
  });

  test('of a reseller is its whole subtree, never a sibling or the parent', () => {
    expect(seenBy(provider(reseller))).toEqual([
      'the reseller',
      'an organization of the reseller',
      'the reseller below',
      'an organization of the reseller below',
    ]);
  });

  test('of the last reseller is itself and its organizations', () => {
    expect(seenBy(provider(resellerBelow))).toEqual(['the reseller below', 'an organization of the reseller below']);
  });

  test('of an organization is itself, not even its provider', () => {
    expect(seenBy(organizations(organization))).toEqual(['an organization of the reseller']);
  });

  test('of several organizations is each of them', () => {
    expect(seenBy(organizations(organization, otherOrganization))).toEqual([
      'an organization of the root provider',
      'an organization of the reseller',
    ]);
  });

  test.each<[string, Scope]>([
    ['no organization', organizations()],
    ['an organization that is gone', organizations(newId<'Organization'>())],
    ['somebody signing in', { level: 'SIGN_IN', rootProviderId: root, signInId: staffMember }],
    ['a look-up in the directory', { level: 'DIRECTORY', key: root }],
  ])('of %s is nothing', (_, scope) => {
    expect(seenBy(scope)).toEqual([]);
  });
});

describe('the statements that set a scope', () => {
  test('last for the transaction only, at every level', () => {
    const scopes: Scope[] = [
      PLATFORM_SCOPE,
      provider(reseller),
      organizations(organization),
      { level: 'SIGN_IN', rootProviderId: root, signInId: staffMember },
      { level: 'DIRECTORY', key: 'somebody@example.com' },
    ];
    const statements = scopes.flatMap(setScopeStatements);
    expect(statements.filter((statement) => !/^set local keyward\.[a-z_]+ = /.test(statement))).toEqual([]);
    expect(statements).toHaveLength(1 + 2 + 3 + 2 + 1);
  });

  test('name the scope’s ids, and the platform only for the platform', () => {
    expect(setScopeStatements(PLATFORM_SCOPE)).toEqual(["set local keyward.platform = 'on'"]);
    const ofProvider = [
      `set local keyward.root_provider_id = '${root}'`,
      `set local keyward.provider_id = '${reseller}'`,
    ];
    expect(setScopeStatements(provider(reseller))).toEqual(ofProvider);
    expect(setScopeStatements(organizations(organization, otherOrganization))).toEqual([
      ...ofProvider,
      `set local keyward.organization_ids = '{${organization},${otherOrganization}}'`,
    ]);
    expect(setScopeStatements({ level: 'SIGN_IN', rootProviderId: root, signInId: staffMember })).toEqual([
      `set local keyward.root_provider_id = '${root}'`,
      `set local keyward.sign_in_id = '${staffMember}'`,
    ]);
  });

  test('name the providers of an organization only where they are given', () => {
    const scope: Scope = {
      level: 'ORGANIZATION',
      rootProviderId: root,
      providerId: reseller,
      organizationIds: [organization],
      organizationProviderIds: [reseller, resellerBelow],
    };
    expect(setScopeStatements(scope)).toEqual([
      ...setScopeStatements(organizations(organization)),
      `set local keyward.organization_provider_ids = '{${reseller},${resellerBelow}}'`,
    ]);
    expect(setScopeStatements({ ...scope, organizationProviderIds: [] })).toEqual(
      setScopeStatements(organizations(organization)),
    );
  });

  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      `${root}'`,
      `${root}\n`,
      ` ${root}`,
      `${root}'; drop table api_key; --`,
      `{${root}}`,
      '',
      'on',
      "''",
    ),
    fc.constantFrom(root.slice(1), `${root}0`, root.replaceAll('-', ''), `urn:uuid:${root}`, root.replace(/^./, 'g')),
    fc.constantFrom(`${root},${root}`, `${root}\0`, root.replace('-', '−')),
  );

  const ofOrganization = {
    level: 'ORGANIZATION',
    rootProviderId: root,
    providerId: reseller,
    organizationIds: [organization],
  } as const;

  test('take nothing but UUIDs for ids, at every place', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const scopes: Scope[] = [
          { level: 'PROVIDER', rootProviderId: idOf(text), providerId: reseller },
          provider(idOf(text)),
          organizations(idOf(text)),
          organizations(organization, idOf(text)),
          { level: 'ORGANIZATION', rootProviderId: idOf(text), providerId: reseller, organizationIds: [organization] },
          { level: 'ORGANIZATION', rootProviderId: root, providerId: idOf(text), organizationIds: [organization] },
          { ...ofOrganization, organizationProviderIds: [reseller, idOf(text)] },
          { level: 'SIGN_IN', rootProviderId: idOf(text), signInId: staffMember },
          { level: 'SIGN_IN', rootProviderId: root, signInId: idOf(text) },
        ];
        for (const scope of scopes) expect(() => setScopeStatements(scope)).toThrow(TypeError);
        for (const scope of scopes) expect(() => changeScopeStatements(scope)).toThrow(TypeError);
      }),
    );
  });

  test.each([
    ['plain', 'somebody@example.com'],
    ['a quote', "o'neill"],
    ['two quotes', "''"],
    ['a backslash', 'domain\\user'],
    ['a backslash before a quote', "\\'; drop table api_key; --"],
    ['a quote before a backslash', "'\\"],
    ['dollar quotes and comments', '$$ /* -- */ $$'],
    ['nothing', ''],
  ])('carry the directory key unchanged: %s', (_, key) => {
    expect(literalOf(setScopeStatements({ level: 'DIRECTORY', key }))).toBe(key);
  });

  test('carry every directory key unchanged', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("'", '\\', 'E', '"', ';', '\n'), fc.string({ unit: 'grapheme', maxLength: 1 })),
    });
    fc.assert(
      fc.property(text, (key) => {
        expect(literalOf(setScopeStatements({ level: 'DIRECTORY', key }))).toBe(key);
      }),
    );
  });
});

describe('the statements that change a scope', () => {
  const scopes: Scope[] = [
    PLATFORM_SCOPE,
    provider(reseller),
    organizations(organization),
    {
      level: 'ORGANIZATION',
      rootProviderId: root,
      providerId: reseller,
      organizationIds: [organization],
      organizationProviderIds: [resellerBelow],
    },
    { level: 'SIGN_IN', rootProviderId: root, signInId: staffMember },
    { level: 'DIRECTORY', key: 'somebody@example.com' },
  ];
  const nameOf = (statement: string) => statement.replace(/ = .*/s, '');
  const everyName = [...new Set(scopes.flatMap(setScopeStatements).map(nameOf))].sort();

  test.each(scopes)('say of every setting what it is now: $level', (scope) => {
    const changed = changeScopeStatements(scope);
    expect(changed.map(nameOf).sort()).toEqual(everyName);
    const own = setScopeStatements(scope);
    expect(changed.filter((statement) => !statement.endsWith(" = ''"))).toEqual(own);
  });
});

/** An id as an attacker would like it to be; only a test may say so. */
function idOf<Thing extends string>(text: string): Id<Thing> {
  return text as Id<Thing>;
}

/** What PostgreSQL reads, whatever `standard_conforming_strings` is: one string literal and nothing after it. */
function literalOf(statements: readonly string[]): string {
  const statement = statements.join(';');
  const plain = /^set local keyward\.directory_key = +'((?:[^'\\]|'')*)'$/.exec(statement)?.[1];
  const escaped = /^set local keyward\.directory_key = +E'((?:[^'\\]|''|\\\\)*)'$/.exec(statement)?.[1];
  const body = plain ?? escaped?.replaceAll('\\\\', '\\');
  if (body === undefined) throw new Error(`not one literal: ${statement}`);
  return body.replaceAll("''", "'");
}
