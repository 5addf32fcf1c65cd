import { describe, expect } from 'vitest';
import type { Actor } from '../../../src/identity/actor.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import type { CreateTrustedIssuer } from '../../../src/single-sign-on/trusted-issuer.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { create, createRole, test, withOnly } from '../../support/issuer-world.ts';

describe('an issuer is not trusted', () => {
  const refusalTo = (actor: Actor) => ({ action: 'trusted_issuer.create', actor });

  test('by whoever may not, or may not there', async ({ world, good, keyward, documents }) => {
    const { reseller, foreignRoot } = world.tenants;
    const asked = documents.asked.length;
    const refusals = [
      ['FORBIDDEN', world.providerSupport, reseller],
      ['FORBIDDEN', world.orgAdmin, reseller],
      ['FORBIDDEN', world.providerAdmin, null],
      ['NOT_FOUND', world.siblingAdmin, reseller],
      ['NOT_FOUND', world.providerAdmin, world.tenants.root],
      ['NOT_FOUND', world.providerAdmin, foreignRoot],
      ['NOT_FOUND', world.providerAdmin, 'UNKNOWN'],
    ] as const;
    for (const [code, actor, serviceProvider] of refusals) {
      const isSeen = serviceProvider === reseller && actor === world.providerSupport;
      const expected = { ...refusalTo(actor), code, trail: isSeen ? world.providerAdmin.home : actor.home };
      await expectRefusal(keyward.database, expected, () => create(world, good, { serviceProvider }, actor));
    }
    await refusalOf(() => create(world, good, {}, world.providerViewer));
    expect(documents.asked).toHaveLength(asked);
  });

  test('for roles that the caller could not give in person', async ({ world, good }) => {
    const { reseller, otherReseller } = world.tenants;
    const strong = await createRole(world, reseller, ['apiKey:view', 'apiKey:reveal']);
    const siblings = await createRole(world, otherReseller, ['apiKey:view']);
    const above = await createRole(world, world.tenants.root, ['apiKey:view']);
    const weak = withOnly(world.providerAdmin, ['staff:manage', 'apiKey:view']);
    const onBehalf = { ...world.providerAdmin, onBehalfOf: 'Somebody' };
    const refusals = [
      ['VALIDATION_FAILED', ['roleMapping', '0', 'role'], world.providerAdmin, { role: 'PLATFORM_ADMIN' }],
      ['VALIDATION_FAILED', ['roleMapping', '0', 'role'], world.providerAdmin, { role: 'ORG_ADMIN' }],
      ['VALIDATION_FAILED', ['roleMapping', '0', 'role'], world.providerAdmin, {}],
      [
        'VALIDATION_FAILED',
        ['roleMapping', '0', 'role'],
        world.providerAdmin,
        { role: 'PROVIDER_VIEWER', customRole: strong },
      ],
      ['NOT_FOUND', ['roleMapping', '0', 'customRoleId'], world.providerAdmin, { customRole: 'UNKNOWN' }],
      ['NOT_FOUND', ['roleMapping', '0', 'customRoleId'], world.providerAdmin, { customRole: siblings }],
      ['NOT_FOUND', ['roleMapping', '0', 'customRoleId'], world.providerAdmin, { customRole: above }],
      ['VALIDATION_FAILED', ['roleMapping', '0', 'customRoleId'], world.parentAdmin, { customRole: siblings }],
      ['FORBIDDEN', null, weak, { role: 'PROVIDER_ADMIN' }],
      ['FORBIDDEN', null, weak, { customRole: strong }],
      ['FORBIDDEN', null, onBehalf, { role: 'PROVIDER_VIEWER' }],
    ] as const;
    for (const [code, field, actor, role] of refusals) {
      const roleMapping = [{ value: 'x', role: null, customRole: null, ...role }];
      const error = await refusalOf(() => create(world, good, { roleMapping }, actor));
      expect([role, error.code, error.field]).toEqual([role, code, field]);
    }
    const own = {
      serviceProvider: null,
      roleMapping: [{ value: 'x', role: 'PROVIDER_ADMIN' as const, customRole: null }],
    };
    const error = await refusalOf(() => create(world, good, own, world.platformAdmin));
    expect(error.code).toBe('VALIDATION_FAILED');
  });

  test('with input that means nothing', async ({ world, good }) => {
    const refusals: [string, Partial<CreateTrustedIssuer>][] = [
      ['name', { name: ' ' }],
      ['audience', { audience: '' }],
      ['audience', { audience: 'a'.repeat(201) }],
      ['roleClaim', { roleClaim: '' }],
      ['roleMapping', { roleMapping: [] }],
      ['roleMapping', { roleMapping: [{ value: '', role: 'PROVIDER_VIEWER', customRole: null }] }],
      ['domains', { domains: ['@corp.example'] }],
      ['domains', { domains: ['localhost'] }],
      ['domains', { domains: ['*.example'] }],
      ['domains', { domains: Array(101).fill('corp.example') }],
      ['clientId', { clientId: '' }],
      ['clientSecret', { clientSecret: new Secret('x') }],
      ['clientSecret', { clientId: 'c', clientSecret: new Secret('') }],
      ['clientSecret', { clientId: 'c', clientSecret: new Secret('a\nb') }],
    ];
    for (const [field, more] of refusals) {
      const error = await refusalOf(() => create(world, good, more));
      expect([more, error.code, error.field?.[0]]).toEqual([more, 'VALIDATION_FAILED', field]);
    }
  });

  test('when its document cannot be had, or says something else', async ({ world, documents: { origin }, keyward }) => {
    const unreadable = [
      `${origin}/html`,
      `${origin}/moved`,
      `${origin}/forbidden`,
      `${origin}/large`,
      `${origin}/none`,
    ];
    unreadable.push('http://127.0.0.1:1', 'https://nothing.invalid', 'https://169.254.169.254', 'https://10.0.0.1');
    unreadable.push('https://localhost', 'https://[::1]', 'http://example.com', 'https://2130706433', 'https://0x7f.1');
    const messages = new Set<string>();
    for (const issuer of unreadable) {
      const error = await refusalOf(() => create(world, issuer));
      expect([issuer, error.code, error.field]).toEqual([issuer, 'VALIDATION_FAILED', ['issuer']]);
      messages.add(error.message);
    }
    expect([...messages]).toEqual([expect.stringContaining('could not be read')]); // it tells nothing of our networks
    const wrong = { other: 'names another issuer', slash: 'names another issuer', keyless: 'jwks_uri' };
    for (const [name, message] of Object.entries(wrong)) {
      const error = await refusalOf(() => create(world, `${origin}/${name}`));
      expect([error.code, error.message]).toEqual(['VALIDATION_FAILED', expect.stringContaining(message)]);
    }
    for (const issuer of [
      '',
      'keyward',
      'ftp://a.example',
      'https://a.example?x',
      'https://a.example#x',
      'https://a b',
    ]) {
      expect((await refusalOf(() => create(world, issuer))).field).toEqual(['issuer']);
    }
    expect((await refusalOf(() => create(world, 'https://u:p@a.example'))).field).toEqual(['issuer']);
    const kept = await keyward.database.query('select from trusted_issuer where issuer <> $1', [`${origin}/good`]);
    expect(kept).toEqual([]);
  });
});
