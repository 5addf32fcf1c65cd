import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { describe, expect, vi } from 'vitest';
import { decodeGlobalId, encodeActorId } from '../../src/graphql/global-id.ts';
import { newAuditedRoot, recordEvents } from '../support/audit-trail.ts';
import type { TestStaff } from '../support/fixtures.ts';
import { createStaff } from '../support/fixtures.ts';
import { bearer } from '../support/graphql-client.ts';
import { organizationId, test } from '../support/graphql-world.ts';
import { commandInput, commands, type KeyWorld, type Person } from '../support/key-world.ts';
import { send } from '../support/raw-http.ts';
import { auditOf } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/test-installation.ts';

interface Exported {
  readonly result: string;
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly organization: { readonly id: string } | null;
  readonly note: string | null;
}

async function exportAs(server: TestServer, staff: TestStaff, query = '') {
  return send(`${server.url}/audit/export${query}`, { headers: await bearer(server.url, staff) });
}

function parsed(ndjson: string): Exported[] {
  expect(ndjson === '' || ndjson.endsWith('\n')).toBe(true);
  return ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Exported);
}

const LIST = `query ($after: String, $filter: AuditEventFilter) { auditEvents(first: 200, after: $after, filter: $filter) {
  nodes { id at action actor { id displayName } actorRole onBehalfOf organization { id } result before after note ipAddress requestId }
} }`;

async function someEvents(world: KeyWorld): Promise<void> {
  const input = commandInput(world.organization);
  await commands.DISABLE(world.as(world.providerSupport), {
    ...input,
    reason: 'OTHER',
    note: 'said "yes",\nthen went',
  });
  await commands.ENABLE(world.as(world.providerSupport), { ...input, note: '=HYPERLINK("http://x","y")' });
  await commands.REVEAL(world.as(world.orgAdmin), input);
  await expect(commands.REVEAL(world.as(world.orgViewer), input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(commands.REVEAL(world.as(world.foreignAdmin), input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
}

describe('the export', () => {
  test('holds what the same person is shown by GraphQL, under the same names, the oldest first', async ({
    server,
    world,
    signIn,
  }) => {
    await someEvents(world);
    const people: Person[] = [
      'orgAdmin',
      'providerAdmin',
      'providerSupport',
      'parentAdmin',
      'siblingAdmin',
      'foreignAdmin',
    ];
    for (const person of people) {
      const headers = await bearer(server.url, world.people[person]);
      const shown = (await (await signIn(person)).query(LIST)).at('auditEvents.nodes');
      const { status, text: body } = await send(`${server.url}/audit/export`, { headers });
      expect(status).toBe(200);
      const exported = parsed(body);
      expect(exported.length).toBeGreaterThan(0);
      expect(Array.isArray(shown) ? shown.toReversed() : shown).toMatchObject(exported);
      expect(exported.map(({ at }) => at)).toEqual(exported.map(({ at }) => at).toSorted());
    }
  });

  test('holds what its parameters ask for', async ({ server, world }) => {
    await someEvents(world);
    const { providerAdmin, providerSupport } = world.people;
    const own = organizationId(world.organization);
    const of = async (query: string) => parsed((await exportAs(server, providerAdmin, query)).text);
    const all = await of('');
    expect((await of(`?organizationId=${own}`)).every(({ organization }) => organization?.id === own)).toBe(true);
    const byActor = await of(`?actorId=${encodeActorId(providerSupport.member.id)}`);
    expect(byActor.map(({ action }) => action)).toEqual(['api_key.disable', 'api_key.enable']);
    const two = await of('?action=api_key.enable&action=api_key.reveal');
    expect(new Set(two.map(({ action }) => action))).toEqual(new Set(['api_key.enable', 'api_key.reveal']));
    expect(await of('?refused=true')).toEqual(all.filter(({ result }) => result !== 'OK'));
    expect((await of('?refused=false')).slice(0, 1)).toEqual(all.filter(({ result }) => result === 'OK').slice(0, 1));
    const middle = all[Math.floor(all.length / 2)];
    const before = await of(`?until=${encodeURIComponent(middle?.at ?? '')}`);
    const after = await of(`?since=${encodeURIComponent(middle?.at ?? '')}`);
    expect([...before, ...after].slice(0, all.length)).toEqual(all);
  });

  test('of a foreign organization, or of an unknown one, is empty', async ({ server, world }) => {
    const foreign = organizationId(world.organization);
    const unknown = organizationId({
      ...world.organization,
      organizationId: world.tenants.root.serviceProviderId as never,
    });
    for (const id of [foreign, unknown]) {
      const { status, text: body } = await exportAs(server, world.people.foreignAdmin, `?organizationId=${id}`);
      expect([status, body]).toEqual([200, '']);
    }
  });

  test('as CSV has a header, and no cell that a spreadsheet takes for a formula', async ({ server, world }) => {
    await someEvents(world);
    const query = `?format=csv&organizationId=${organizationId(world.organization)}&action=api_key.disable&action=api_key.enable`;
    const { headers, text: body } = await exportAs(server, world.people.providerAdmin, query);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="keyward-audit-[\dTZ-]+\.csv"$/);
    expect(headers.get('cache-control')).toBe('no-store');
    const [header, disabled, enabled] = body.split('\r\n');
    expect(header).toBe(
      'id,at,action,actor.id,actor.displayName,actorRole,onBehalfOf,organization.id,result,before,after,note,ipAddress,requestId',
    );
    expect(disabled).toContain('"OTHER: said ""yes"",\nthen went"');
    expect(enabled).toContain(`,"'=HYPERLINK(""http://x"",""y"")",`);
  });

  test('is an event itself, with what was asked for, before its first byte', async ({ server, world }) => {
    const { providerAdmin } = world.people;
    const headers = await bearer(server.url, providerAdmin);
    const query = `format=csv&organizationId=${organizationId(world.organization)}&since=2020-01-01T00:00:00Z&action=auth.login`;
    const [event, ...more] = await auditOf(server.database, () =>
      send(`${server.url}/audit/export?${query}`, { headers }),
    );
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      action: 'audit.export',
      result: 'OK',
      actor_id: providerAdmin.member.id,
      after: {
        format: 'csv',
        organizationId: world.organization.organizationId,
        actorId: null,
        actions: ['auth.login'],
        since: '2020-01-01T00:00:00.000Z',
        until: null,
      },
    });
  });

  test('is for those who may see the trail; a refusal is an event', async ({ server, world }) => {
    const { providerViewer } = world.people;
    expect((await send(`${server.url}/audit/export`)).status).toBe(401);
    const headers = await bearer(server.url, providerViewer);
    const events = await auditOf(server.database, async () => {
      const refused = await send(`${server.url}/audit/export`, { headers });
      expect([refused.status, refused.codes]).toEqual([403, ['FORBIDDEN']]);
      expect(refused.headers.get('content-disposition')).toBeNull();
    });
    expect(events).toMatchObject([{ action: 'audit.export', result: 'FORBIDDEN', actor_id: providerViewer.member.id }]);
  });

  test.for([
    'format=xml',
    'format=csv&format=csv',
    'since=yesterday',
    'since=2026-11-21',
    'since=2026-11-21T00:00:00Z&since=2026-11-21T00:00:00Z',
    'until=%002026-11-21T00:00:00Z',
    'until=99999-01-01T00:00:00Z',
    'refused=yes',
    'organizationId=forged-id',
    'organizationId=',
    'actorId=%27%20or%201=1',
    'action=drop.table',
    'action=auth.login&action=forged',
    'organisationId=forged-id',
    '__proto__=forged',
  ])('refuses %s, and does not repeat it', async (query, { server, world }) => {
    const headers = await bearer(server.url, world.people.providerAdmin);
    const events = await auditOf(server.database, async () => {
      const { status, codes, text: body } = await send(`${server.url}/audit/export?${query}`, { headers });
      expect([status, codes]).toEqual([400, ['VALIDATION_FAILED']]);
      for (const given of ['xml', 'forged', 'drop', 'organisation', 'yesterday', '99999', '1=1'])
        expect(body).not.toContain(given);
    });
    expect(events).toEqual([]);
  });

  test('takes the first and the last instant that there is', async ({ server, world }) => {
    const ever = '?since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59.999Z';
    const { status, text } = await exportAs(server, world.people.providerAdmin, ever);
    expect(status).toBe(200);
    expect(text).toContain('"at":');
  });

  test('takes an id of something else for none of its own', async ({ server, world }) => {
    const actorId = encodeActorId(world.providerAdmin.id) ?? '';
    expect(decodeGlobalId(actorId)?.type).toBe('Actor');
    const { status } = await exportAs(server, world.people.providerAdmin, `?organizationId=${actorId}`);
    expect(status).toBe(400);
  });
});

describe('a large export', () => {
  const EVENTS = 25_000;

  /** Asks, and reads nothing yet. */
  async function ask(server: TestServer, headers: Record<string, string>): Promise<IncomingMessage> {
    const request = get(`${server.url}/audit/export`, { headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }

  function countPages(): { pages: () => number } {
    const sent = vi.spyOn(pg.Client.prototype, 'query');
    const texts = () => sent.mock.calls.map(([query]) => String(Object(query).text ?? query));
    return { pages: () => texts().filter((sql) => /^select .*"audit_event"/is.test(sql)).length };
  }

  test('waits for a slow reader, and holds back nobody else; one that breaks off does not look whole', {
    timeout: 120_000,
  }, async () => {
    await using server = await startTestServer({ databasePoolSize: 2 });
    await recordEvents(server.services, newAuditedRoot(), EVENTS);
    const admin = await createStaff(server.services, 'PLATFORM_SUPPORT', 'PLATFORM');
    const headers = await bearer(server.url, admin);
    const { pages } = countPages();
    const slow = await Promise.all([ask(server, headers), ask(server, headers), ask(server, headers)]);

    const quick = parsed(await text(await ask(server, headers)));
    const pagesOfOne = Math.ceil(quick.length / 1000);
    expect(quick.length).toBeGreaterThan(EVENTS);
    expect(new Set(quick.map(({ id }) => id)).size).toBe(quick.length);
    // What sockets take without a reader is a few pages of these.
    expect(pages()).toBeLessThan(pagesOfOne + 3 * (pagesOfOne / 2));

    const [first, ...others] = slow;
    if (first === undefined) throw new Error('three');
    const whole = parsed(await text(first));
    expect(quick.slice(0, whole.length)).toEqual(whole);
    expect(whole.length).toBeGreaterThan(EVENTS);

    await server.database.query('revoke select on audit_event from keyward_runtime');
    for (const broken of others) {
      await expect(text(broken)).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(broken.complete).toBe(false);
    }
    await server.database.query('grant select on audit_event to keyward_runtime');
    expect(server.logLines.join('')).toContain('audit export broke off');
    const exports = await server.database.query(
      `select from audit_event where action = 'audit.export' and actor_id = $1`,
      [admin.member.id],
    );
    expect(exports.length).toBe(4);
  });
});
