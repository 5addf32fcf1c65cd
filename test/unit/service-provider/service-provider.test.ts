import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/database/scope.ts';
import { newId, type ServiceProviderId } from '../../../src/ids.ts';
import { parseBaseUrl, type ServiceProvider, seesProvider } from '../../../src/service-provider/service-provider.ts';
import { refusalOf } from '../refusal.ts';

const root = newId<'ServiceProvider'>();
const reseller = newId<'ServiceProvider'>();
const sibling = newId<'ServiceProvider'>();
const foreign = newId<'ServiceProvider'>();

function provider(...providerPath: ServiceProviderId[]): ServiceProvider {
  const id = providerPath.at(-1) ?? root;
  return {
    ...{ id, parentId: providerPath.at(-2) ?? null, rootProviderId: providerPath[0] ?? root, providerPath },
    ...{
      name: 'Acme',
      baseUrl: null,
      createdAt: new Date(0),
      approvalAbove: null,
      overlapAllowedMinutes: 0,
      organizationId: null,
    },
  };
}

const providers = [provider(root), provider(root, reseller), provider(root, sibling), provider(foreign)];

function seenBy(scope: Scope): ServiceProviderId[] {
  return providers.filter((candidate) => seesProvider(scope, candidate)).map(({ id }) => id);
}

describe('a provider is seen', () => {
  test('by the platform, each of them', () => {
    expect(seenBy({ level: 'PLATFORM' })).toEqual([root, reseller, sibling, foreign]);
  });

  test('by its own staff and those above it', () => {
    expect(seenBy({ level: 'PROVIDER', rootProviderId: root, providerId: root })).toEqual([root, reseller, sibling]);
    expect(seenBy({ level: 'PROVIDER', rootProviderId: root, providerId: reseller })).toEqual([reseller]);
  });

  test('by the people of an organization, only the one that it belongs to', () => {
    const organizationIds = [newId<'Organization'>()];
    expect(seenBy({ level: 'ORGANIZATION', rootProviderId: root, providerId: reseller, organizationIds })).toEqual([
      reseller,
    ]);
    expect(seenBy({ level: 'ORGANIZATION', rootProviderId: foreign, providerId: reseller, organizationIds })).toEqual(
      [],
    );
  });

  test('under a delegation, also the resellers whose organizations are lent, and no other', () => {
    const scope = { level: 'ORGANIZATION', rootProviderId: root, providerId: root, organizationIds: [] } as const;
    expect(seenBy(scope)).toEqual([root]);
    expect(seenBy({ ...scope, organizationProviderIds: [root, reseller] })).toEqual([root, reseller]);
    expect(seenBy({ ...scope, organizationProviderIds: [foreign] })).toEqual([root]);
  });

  test('by nobody who is signing in', () => {
    expect(seenBy({ level: 'SIGN_IN', rootProviderId: root, signInId: newId<'StaffMember'>() })).toEqual([]);
  });
});

describe('a base URL', () => {
  test.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://example.com/keys/v1/', 'https://example.com/keys/v1'],
    ['HTTPS://API.Example.com', 'https://api.example.com'],
  ])('%s is kept as %s', (given, kept) => {
    expect(parseBaseUrl(given)).toBe(kept);
  });

  test.each([
    ...[
      '',
      'api.example.com',
      '/path',
      'ftp://example.com',
      'javascript:alert(1)',
      'https://',
      'https://user@example.com',
    ],
    ...['https://user:secret@example.com', 'https://example.com/?a=b', 'https://example.com/#top'],
    ...['https://example.com/?', 'https://example.com/#'],
  ])('%j is refused with VALIDATION_FAILED', (given) => {
    expect(refusalOf(() => parseBaseUrl(given))).toMatchObject({ code: 'VALIDATION_FAILED', field: ['baseUrl'] });
  });

  test('of more than 500 characters is refused, one of 500 is not', () => {
    const longest = 'https://example.com/'.padEnd(500, 'x');
    expect(parseBaseUrl(longest)).toBe(longest);
    expect(refusalOf(() => parseBaseUrl(`${longest}x`))).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
