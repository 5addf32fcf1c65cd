import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { type ApiKeyOutcome, auditActionOf } from '../../../src/api-key/run-key-command.ts';
import { forgetIdempotencyKeys } from '../../../src/command/forget-idempotency-keys.service.ts';
import { createOrganization } from '../../../src/organization/organization.service.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { uniqueName } from '../../support/fixtures.ts';
import { emptySlot } from '../../support/key-states.ts';
import { commandInput, commands, type KeyWorld, readSlot, test } from '../../support/key-world.ts';
import { foundIn } from '../../support/needles.ts';
import { auditOf } from '../../support/rows.ts';

async function tenTimes<Answer>(call: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: 10 }, call));
}

function shown({ apiKey, keyString }: ApiKeyOutcome) {
  return { apiKey, keyString: keyString?.expose() ?? null };
}

async function storedRows(world: KeyWorld): Promise<string[]> {
  const rows = await world.keyward.database.query<{ text: string }>(
    `select row_to_json(i)::text || encode(input_hash, 'base64') || i::text as text from idempotency_key i
     where root_provider_id = any ($1::uuid[])`,
    [[world.organization.rootProviderId, world.tenants.foreignRoot.rootProviderId]],
  );
  return rows.map(({ text }) => text);
}

describe('ten replays at once of one idempotency key are one command', () => {
  test.for(['ADD', 'EDIT', 'REGENERATE', 'DELETE', 'REVEAL', 'DISABLE'] as const)(
    '%s: one effect, one audit row and one for each string told again, ten equal answers',
    async (action, { world }) => {
      if (action === 'ADD') await emptySlot(world);
      const before = await readSlot(world);
      const answers: ReturnType<typeof shown>[] = [];
      const input = commandInput(world.organization, { idempotencyKey: 'retry-1' });
      const rows = await auditOf(world.keyward.database, async () => {
        const outcomes = await tenTimes(() => commands[action](world.as(world.providerAdmin), input));
        answers.push(...outcomes.map(shown));
      });
      const after = await readSlot(world);
      const showsString = action !== 'DELETE' && action !== 'DISABLE';
      expect(after.version).toBe(action === 'REVEAL' ? before.version : before.version + 1);
      const told = Array(showsString ? 9 : 0).fill(['api_key.reveal', 'OK']);
      const written = rows.map(({ action, result }) => [action, result]);
      expect(written.toSorted()).toEqual([[auditActionOf[action], 'OK'], ...told].toSorted());
      expect(answers).toEqual(
        Array(10).fill({
          apiKey: { ...world.organization, kind: 'CLOUD_SERVICE' },
          keyString: showsString ? after.keyString : null,
        }),
      );
    },
  );

  test('createOrganization: one organization', async ({ world }) => {
    const input = {
      serviceProvider: world.tenants.reseller,
      name: uniqueName('Organization'),
      externalId: null,
      idempotencyKey: 'new-1',
    };
    const answers = new Set<string>();
    const rows = await auditOf(world.keyward.database, async () => {
      for (const answer of await tenTimes(() => createOrganization(world.as(world.providerAdmin), input)))
        answers.add(answer.organizationId);
    });
    const found = await world.keyward.database.query<{ id: string }>('select id from organization where name = $1', [
      input.name,
    ]);
    expect([...answers]).toEqual(found.map(({ id }) => id));
    expect(rows).toHaveLength(1);
  });

  test('a refused command: ten equal refusals, one audit row', async ({ world }) => {
    const before = await readSlot(world);
    const input = commandInput(world.organization, { idempotencyKey: 'refused-1' });
    const refusals: unknown[] = [];
    const rows = await auditOf(world.keyward.database, async () => {
      const errors = await tenTimes(() => refusalOf(() => commands.ADD(world.as(world.orgAdmin), input)));
      refusals.push(...errors.map(({ code, message, field }) => ({ code, message, field })));
    });
    expect(refusals).toEqual(Array(10).fill(refusals[0]));
    expect(rows.map(({ result }) => result)).toEqual(['KEY_EXISTS']);
    expect(await readSlot(world)).toEqual(before);
  });

  test('a refusal is replayed even when the command would succeed by now', async ({ world }) => {
    const input = commandInput(world.organization, { idempotencyKey: 'refused-1' });
    const first = await refusalOf(() => commands.ADD(world.as(world.orgAdmin), input));
    await emptySlot(world);
    const again = await refusalOf(() => commands.ADD(world.as(world.orgAdmin), input));
    expect([again.code, again.message]).toEqual([first.code, first.message]);
    expect((await readSlot(world)).keyString).toBeNull();
  });
});

describe('a used idempotency key', () => {
  test('with other input is IDEMPOTENCY_KEY_REUSED, and changes nothing', async ({ world }) => {
    const input = commandInput(world.organization, { idempotencyKey: 'used' });
    const ctx = () => world.as(world.orgAdmin);
    await commands.EDIT(ctx(), input);
    const before = await readSlot(world);
    const others = [
      () => commands.EDIT(ctx(), { ...input, newKey: 'abcDEF123457' }),
      () => commands.EDIT(ctx(), { ...input, expectedVersion: before.version }),
      () => commands.EDIT(ctx(), { ...input, kind: 'SANDBOX_SUBMISSION' }),
      () => commands.EDIT(ctx(), { ...input, organization: null }),
      () => commands.REGENERATE(ctx(), input),
      () => commands.DELETE(ctx(), input),
    ];
    for (const call of others) {
      const [row, ...more] = await auditOf(world.keyward.database, async () => {
        expect(await refusalOf(call)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] });
      });
      expect([row?.result, more.length]).toEqual(['IDEMPOTENCY_KEY_REUSED', 0]);
    }
    expect(await readSlot(world)).toEqual(before);
  });

  test('by ten refused commands with other input each, at once: each is an audit row', async ({ world }) => {
    const rows = await auditOf(world.keyward.database, async () => {
      const calls = Array.from({ length: 10 }, (_, index) => {
        const input = commandInput(world.organization, { idempotencyKey: 'used', expectedVersion: 100 + index });
        return refusalOf(() => commands.REGENERATE(world.as(world.orgAdmin), input));
      });
      await Promise.all(calls);
    });
    expect(rows.map(({ result }) => result).sort()).toEqual([
      ...Array(9).fill('IDEMPOTENCY_KEY_REUSED'),
      'VERSION_CONFLICT',
    ]);
  });

  test('of one actor is free for another', async ({ world }) => {
    const input = commandInput(world.organization, { idempotencyKey: 'shared' });
    const first = await commands.REGENERATE(world.as(world.orgAdmin), input);
    const second = await commands.REGENERATE(world.as(world.providerAdmin), input);
    expect(second.keyString?.expose()).not.toBe(first.keyString?.expose());
    expect((await readSlot(world)).version).toBe(3);
  });

  test('replays without a string once the key has changed since', async ({ world }) => {
    const input = commandInput(world.organization, { idempotencyKey: 'rotate' });
    const first = await commands.REGENERATE(world.as(world.orgAdmin), input);
    await commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
    const rows = await auditOf(world.keyward.database, async () => {
      const replay = await commands.REGENERATE(world.as(world.orgAdmin), input);
      expect(shown(replay)).toEqual({ ...shown(first), keyString: null });
    });
    expect(first.keyString).not.toBeNull();
    expect(rows).toEqual([]);
    expect((await readSlot(world)).version).toBe(3);
  });

  test('still replays the string when the key was only disabled and enabled since', async ({ world }) => {
    const input = commandInput(world.organization, { idempotencyKey: 'rotate' });
    const first = await commands.REGENERATE(world.as(world.orgAdmin), input);
    await commands.DISABLE(world.as(world.providerSupport), commandInput(world.organization));
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    const rows = await auditOf(world.keyward.database, async () => {
      expect(shown(await commands.REGENERATE(world.as(world.orgAdmin), input))).toEqual(shown(first));
    });
    const { version, fingerprint } = await readSlot(world);
    expect(rows).toMatchObject([
      {
        ...{ action: 'api_key.reveal', result: 'OK', actor_id: world.orgAdmin.id, ip_address: '192.0.2.1' },
        ...{ organization_id: world.organization.organizationId, before: { version, fingerprint }, after: null },
      },
    ]);
  });

  test.for(['', ' ', 'x'.repeat(201), 'naïve', 'a\nb', 'a\0b'])(
    'must be 1 to 200 printable ASCII characters, not %j',
    async (idempotencyKey, { world }) => {
      const before = await readSlot(world);
      const call = () =>
        commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization, { idempotencyKey }));
      expect(await refusalOf(call)).toMatchObject({ code: 'VALIDATION_FAILED', field: ['idempotencyKey'] });
      expect(await readSlot(world)).toEqual(before);
    },
  );
});

describe('what is kept under an idempotency key', () => {
  test('holds no key string in any form, and no hash of the input that needs no key', async ({ world }) => {
    const newKey = 'Zq3vX9bK7mTw';
    const { organization } = world;
    const input = commandInput(organization, { newKey, idempotencyKey: 'kept' });
    await commands.EDIT(world.as(world.providerAdmin), input);
    const regenerated = await commands.REGENERATE(world.as(world.orgAdmin), { ...input, newKey: '' });
    const given = [
      newKey,
      JSON.stringify({ newKey }),
      JSON.stringify({ organization, kind: input.kind, expectedVersion: null, newKey }),
    ];
    const hashes = given.flatMap((text) =>
      ['sha256', 'sha512', 'sha1', 'md5'].map((name) => createHash(name).update(text).digest()),
    );
    const rows = await storedRows(world);
    const haystack = rows.join('\n');
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(foundIn(haystack, [newKey, regenerated.keyString?.expose() ?? newKey])).toEqual([]);
    for (const hash of hashes)
      for (const form of ['hex', 'base64', 'base64url'] as const) expect(haystack).not.toContain(hash.toString(form));
  });

  test("is hashed under the key of the actor's own root: equal inputs of two roots differ", async ({ world }) => {
    const input = commandInput(world.organization, { idempotencyKey: 'same' });
    await commands.EDIT(world.as(world.providerAdmin), input);
    await refusalOf(() => commands.EDIT(world.as(world.foreignAdmin), input));
    const hashes = await world.keyward.database.query<{ hash: string }>(
      `select encode(input_hash, 'hex') as hash from idempotency_key where key = 'same' and actor_id = any ($1::uuid[])`,
      [[world.providerAdmin.id, world.foreignAdmin.id]],
    );
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(2);
  });

  test('is known for more than a year', async ({ world }) => {
    const { services } = world.keyward;
    const input = {
      ...{ serviceProvider: world.tenants.reseller, name: uniqueName('Organization') },
      ...{ externalId: null, idempotencyKey: 'old' },
    };
    const send = () => createOrganization(world.as(world.providerAdmin), input);
    const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000);
    const first = await send();
    await forgetIdempotencyKeys(services, inDays(399));
    expect(await send()).toEqual(first);
    await forgetIdempotencyKeys(services, inDays(401));
    expect(await refusalOf(send)).toMatchObject({ code: 'DUPLICATE_NAME' });
  });
});
