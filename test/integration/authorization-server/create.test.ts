import { describe, expect } from 'vitest';
import { createAuthorizationServer } from '../../../src/authorization-server/authorization-server.service.ts';
import { lookUpAuthorizationServer } from '../../../src/authorization-server/look-up-authorization-server.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { createServer, serverInput, test } from '../../support/authorization-server-world.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { auditOf, readRows } from '../../support/rows.ts';

describe('an authorization server is added', () => {
  test('by whoever may add the key, enabled, with one audit row', async ({ world, keySets, keyward }) => {
    const audit = await auditOf(keyward.database, async () => {
      const ref = await createServer(world, keySets, { name: '  Company login ' });
      expect(await lookUpAuthorizationServer(world.as(world.orgViewer), ref)).toMatchObject({
        name: 'Company login',
        issuer: 'https://login.example.com',
        jwksUrl: `${keySets.origin}/good`,
        audience: 'https://api.example.com',
        isEnabled: true,
        version: 1,
        createdByName: world.orgAdmin.displayName,
        organizationId: world.organization.organizationId,
      });
    });
    expect(audit).toMatchObject([
      {
        action: 'authorization_server.create',
        result: 'OK',
        organization_id: world.organization.organizationId,
        before: null,
        after: { name: 'Company login', isEnabled: true },
      },
    ]);
  });

  test('disabled, when the other one is enabled', async ({ world, keySets }) => {
    await createServer(world, keySets);
    const second = await createServer(world, keySets, { name: 'The next' }, world.providerAdmin);
    expect(await lookUpAuthorizationServer(world.as(world.orgAdmin), second)).toMatchObject({ isEnabled: false });
  });

  test('and not a third one, nor two of one name', async ({ world, keySets }) => {
    const refusal = (name: string) => refusalOf(() => createServer(world, keySets, { name }));
    await createServer(world, keySets);
    expect(await refusal('company  LOGIN')).toMatchObject({ code: 'DUPLICATE_NAME', field: ['name'] });
    await createServer(world, keySets, { name: 'The second' });
    expect(await refusal('The third')).toMatchObject({ code: 'LIMIT_REACHED' });
  });

  test('two at most, and one of them enabled, however many at once try', async ({ world, keySets }) => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const results = await Promise.allSettled(names.map((name) => createServer(world, keySets, { name })));
    const added = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(added).toHaveLength(2);
    const found = await Promise.all(added.map((ref) => lookUpAuthorizationServer(world.as(world.orgAdmin), ref)));
    expect(found.map((server) => server?.isEnabled).sort()).toEqual([false, true]);
  });

  test('once, when the same command is sent again', async ({ world, keySets }) => {
    const idempotencyKey = 'once';
    const first = await createServer(world, keySets, { idempotencyKey });
    expect(await createServer(world, keySets, { idempotencyKey })).toEqual(first);
  });

  test('by the retry of what was refused while its keys could not be had', async ({ world, keySets }) => {
    const input = { idempotencyKey: 'again' };
    keySets.mood = 'DOWN';
    const refusal = await refusalOf(() => createServer(world, keySets, input));
    keySets.mood = 'UP';
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['jwksUrl'] });
    const ref = await createServer(world, keySets, input);
    keySets.mood = 'DOWN';
    expect(await createServer(world, keySets, input)).toEqual(ref);
    keySets.mood = 'UP';
  });

  test('or nothing is, when the audit row cannot be written', async ({ world, keySets, keyward: { database } }) => {
    const before = await readRows(database, []);
    await database.query('revoke insert on audit_event from keyward_runtime');
    try {
      await expect(createServer(world, keySets)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await database.query('grant insert on audit_event to keyward_runtime');
    }
    expect(await readRows(database, [])).toEqual(before);
  });
});

describe('an authorization server is refused', () => {
  test('to others, before anybody is asked for its keys', async ({ world, keySets, keyward }) => {
    const refusals: readonly (readonly ['FORBIDDEN' | 'NOT_FOUND', Actor])[] = [
      ['FORBIDDEN', world.orgViewer],
      ['FORBIDDEN', world.providerSupport],
      ['FORBIDDEN', world.platformSupport],
    ];
    const asked = keySets.asked.length;
    for (const [code, actor] of refusals) {
      const trail = { ...world.orgAdmin.home };
      await expectRefusal(keyward.database, { action: 'authorization_server.create', code, actor, trail }, () =>
        createServer(world, keySets, {}, actor),
      );
    }
    for (const actor of [world.foreignAdmin, world.siblingAdmin, world.otherOrgAdmin]) {
      const expected = { action: 'authorization_server.create', code: 'NOT_FOUND' as const, actor, trail: actor.home };
      await expectRefusal(keyward.database, expected, () => createServer(world, keySets, {}, actor));
    }
    const nothing = await refusalOf(() => createServer(world, keySets, { organization: null }));
    expect(nothing).toMatchObject({ code: 'NOT_FOUND', field: ['organizationId'] });
    expect(keySets.asked).toHaveLength(asked);
  });

  const KEY_SETS = [
    ...['empty', 'encrypting', 'private', 'shared', 'html', 'list', 'forbidden', 'moved', 'large', 'missing'],
  ];
  test.for(KEY_SETS)('when what its URL answers with is no key set: %s', async (path, { world, keySets }) => {
    const refusal = await refusalOf(() => createServer(world, keySets, { jwksUrl: `${keySets.origin}/${path}` }));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['jwksUrl'] });
  });

  const PRIVATE_ADDRESSES = [
    ...['https://127.0.0.1:1/jwks', 'https://localhost:1/jwks', 'https://[::1]/jwks', 'https://10.0.0.1/jwks'],
    ...['https://169.254.169.254/jwks', 'https://192.168.1.1/jwks', 'https://0x7f000001/jwks', 'http://1.1.1.1/jwks'],
    'https://[::ffff:127.0.0.1]/jwks',
  ];
  test.for(PRIVATE_ADDRESSES)('for %s, whether or not somebody answers there', async (jwksUrl, { world, keySets }) => {
    const refusal = await refusalOf(() => createServer(world, keySets, { jwksUrl }));
    const unread = await refusalOf(() => createServer(world, keySets, { jwksUrl: `${keySets.origin}/missing` }));
    expect([refusal.code, refusal.field, refusal.message]).toEqual([unread.code, unread.field, unread.message]);
  });

  const MALFORMED = {
    name: ['', ' ', 'a\nb', 'x'.repeat(201)],
    issuer: ['', 'login', 'ftp://a.example', 'https://a.example?x', 'https://a.example#x', 'https://u:p@a.example'],
    jwksUrl: [
      '',
      'jwks',
      'file:///etc/passwd',
      'https://a.example/#x',
      'https://u:p@a.example/jwks',
      'https://é.example',
    ],
    audience: ['', '\u0000', 'x'.repeat(201)],
  };
  test.for(Object.entries(MALFORMED))('for a malformed %s', async ([field, values], { world, keySets }) => {
    for (const value of values) {
      const input = serverInput(world, keySets, { [field]: value });
      const refusal = await refusalOf(() => createAuthorizationServer(world.as(world.orgAdmin), input));
      expect([value, refusal.code, refusal.field]).toEqual([value, 'VALIDATION_FAILED', [field]]);
    }
  });
});
