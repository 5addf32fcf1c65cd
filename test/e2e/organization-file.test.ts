import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect } from 'vitest';
import { withoutMark } from '../../src/csv.ts';
import { bearer, connect as connectTo } from '../support/graphql-client.ts';
import { providerId, test } from '../support/graphql-world.ts';
import { type Fields, get, reseller, rowsOf, upload, viewOf } from '../support/import-client.ts';
import { send } from '../support/raw-http.ts';
import { auditOf, readRows } from '../support/rows.ts';

describe('an import', () => {
  test('answers with what became of it, and a report of every row', async ({ server, world }) => {
    const { providerAdmin } = world.people;
    const content =
      '\ufeffexternalId,name,plan,endsAt\r\n1,"Müller, ""Söhne""",API,2100-01-01\r\n\r\n2,,,\r\n3,Good,API,soon\r\n';
    const fields = { ...reseller(world), atomicity: 'PER_ORGANIZATION' };
    const answer = await upload(server, providerAdmin, content, fields);
    expect(answer.status).toBe(200);
    const view = viewOf(answer);
    expect(view).toMatchObject({
      status: 'PARTIALLY_SUCCEEDED',
      total: 3,
      done: 3,
      changed: 1,
      unchanged: 0,
      refused: 2,
    });
    const report = await get(server, providerAdmin, `/imports/${view.operationId}/report?format=csv`);
    expect(report.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(rowsOf(report.text)).toEqual([
      expect.stringMatching(/^2,CHANGED,[\w-]+,,,$/),
      '4,REFUSED,,name,VALIDATION_FAILED,name must not be blank.',
      '5,REFUSED,,endsAt,VALIDATION_FAILED,"endsAt must be a date such as 2026-11-21, or a time such as 2026-11-21T08:00:00Z."',
    ]);
    const names = await server.database.query(
      `select name from organization where external_id = '1' and provider_id = $1`,
      [world.tenants.reseller.serviceProviderId],
    );
    expect(names).toEqual([{ name: 'Müller, "Söhne"' }]);
  });

  test('is a bulk operation among the others; its rows are told by its report', async ({ server, world }) => {
    const { providerAdmin } = world.people;
    const fields = { ...reseller(world), atomicity: 'PER_ORGANIZATION' };
    const { operationId: id } = viewOf(await upload(server, providerAdmin, 'name\nOne\n\nTwo\none\n', fields));
    const client = await connectTo(server.url, providerAdmin);
    const known = {
      ...{ id, kind: 'IMPORT_ORGANIZATIONS', status: 'PARTIALLY_SUCCEEDED', atomicity: 'PER_ORGANIZATION' },
      ...{ total: 3, processed: 3, changed: 2, unchanged: 0, refused: 1 },
    };
    const operation = `{ ${Object.keys(known).join(' ')} results { totalCount nodes { outcome } } }`;
    const one = await client.query(`query ($id: ID!) { bulkOperation(id: $id) ${operation} }`, { id });
    expect(one.at('bulkOperation')).toEqual({ ...known, results: { totalCount: 0, nodes: [] } });
    const all = await client.query(`{ bulkOperations { nodes ${operation} } }`);
    expect(all.at('bulkOperations.nodes')).toContainEqual(one.at('bulkOperation'));
    const cancel = 'mutation ($id: ID!) { cancelBulkOperation(id: $id) { userErrors { code } } }';
    const tooLate = await client.query(cancel, { id });
    expect(tooLate.at('cancelBulkOperation.userErrors')).toEqual([{ code: 'OPERATION_NOT_CANCELLABLE' }]);
  });

  test('is seen by those who may import there, and by nobody else', async ({ server, world }) => {
    const { providerAdmin, parentAdmin, siblingAdmin, foreignAdmin, providerSupport, orgAdmin } = world.people;
    const { operationId } = viewOf(await upload(server, providerAdmin, 'name\nOne\n', reseller(world)));
    for (const path of [`/imports/${operationId}`, `/imports/${operationId}/report`]) {
      expect((await get(server, parentAdmin, path)).status).toBe(200);
      expect((await get(server, providerSupport, path)).status).toBe(403);
      for (const staff of [siblingAdmin, foreignAdmin, orgAdmin]) {
        const foreign = await get(server, staff, path);
        const missing = await get(server, staff, path.replace(operationId, 'nothing'));
        expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
      }
      expect((await send(`${server.url}${path}`)).status).toBe(401);
    }
  });

  test.for<[string, string | Uint8Array<ArrayBuffer>, Fields, number | null, string]>([
    ['an empty file', '', {}, 1, 'VALIDATION_FAILED'],
    ['a wrong header', 'Name\nx\n', {}, 1, 'VALIDATION_FAILED'],
    ['a broken quote', 'name\nx\n"y" z\n', {}, 3, 'VALIDATION_FAILED'],
    ['another encoding', Uint8Array.from([...Buffer.from('name\nZ'), 0xfc, 0x0a]), {}, 2, 'VALIDATION_FAILED'],
    [
      '100,001 rows',
      `name\n${Array.from({ length: 100_001 }, (_, index) => index).join('\n')}`,
      {},
      100_002,
      'TOO_MANY_TARGETS',
    ],
    ['an unknown field', 'name\nx\n', { more: 'x' }, null, 'VALIDATION_FAILED'],
    ['a wrong field', 'name\nx\n', { dryRun: 'maybe' }, null, 'VALIDATION_FAILED'],
    ['no such provider', 'name\nx\n', { serviceProviderId: 'nothing' }, null, 'NOT_FOUND'],
  ])(
    'of %s changes nothing, and says where',
    { timeout: 60_000 },
    async ([, content, fields, row, code], { server, world }) => {
      const { providerAdmin } = world.people;
      await bearer(server.url, providerAdmin);
      const without = ['audit_event', 'audit_unsealed', 'audit_link', 'audit_chain', 'staff_session'];
      const before = await readRows(server.database, without);
      const answer = await upload(server, providerAdmin, content, { ...reseller(world), ...fields });
      expect([answer.status, answer.codes]).toEqual([code === 'NOT_FOUND' ? 404 : 400, [code]]);
      if (row !== null) expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { row } }] });
      const after = await readRows(server.database, without);
      for (const [table, rows] of Object.entries(before)) {
        if (['organization', 'import_row', 'bulk_operation', 'api_key'].includes(table))
          expect(after[table]).toEqual(rows);
      }
    },
  );

  test('of half a file changes nothing', async ({ server, world }) => {
    const { authorization } = await bearer(server.url, world.people.providerAdmin);
    const body = `--x\r\ncontent-disposition: form-data; name="serviceProviderId"\r\n\r\n${providerId(world.tenants.reseller)}\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="o.csv"\r\ncontent-type: text/csv\r\n\r\nname\nHalf a file\n`;
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      `POST /imports/organizations HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: ${authorization}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${body.length + 5000}\r\n\r\n${body}`,
    );
    await new Promise<void>((sent) => socket.end(() => sent())); // before the length that it has announced
    for await (const _ of socket); // whatever it is told: that it is over
    const whole = await upload(server, world.people.providerAdmin, 'name\nA whole file\n', reseller(world));
    expect(viewOf(whole)).toMatchObject({ changed: 1 });
    const found = await server.database.query(`select from organization where name = 'Half a file'`);
    const kept = await server.database.query(`select from import_row where cells[1] = 'Half a file'`);
    expect([found, kept]).toEqual([[], []]);
  });

  test('without a file, or that is no form, is refused', async ({ server, world }) => {
    const headers = await bearer(server.url, world.people.providerAdmin);
    const form = new FormData();
    form.append('serviceProviderId', providerId(world.tenants.reseller));
    const url = `${server.url}/imports/organizations`;
    const none = await send(url, { method: 'POST', headers, body: form });
    expect([none.status, none.codes]).toEqual([400, ['VALIDATION_FAILED']]);
    const json = await send(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([json.status, json.codes]).toEqual([400, ['VALIDATION_FAILED']]);
    expect((await send(url, { method: 'POST', body: form })).status).toBe(401);
  });
});

describe('the fleet as a file', () => {
  test('has what the caller sees, no string, no formula, and can be imported again', async ({ server, world }) => {
    const { providerAdmin, siblingAdmin, orgAdmin } = world.people;
    const nasty = ['=1+1', '+1', '-1', '@x', "'=1", '\uff1dx', 'a,"b"'];
    const file = `name,externalId,plan,endsAt\n${nasty.map((name, index) => `"${name.replaceAll('"', '""').replace(/^'/, "''")}",N-${index},API,2100-01-01`).join('\n')}\n`;
    expect(viewOf(await upload(server, providerAdmin, file, reseller(world)))).toMatchObject({ changed: nasty.length });
    const exported = await get(server, providerAdmin, '/exports/organizations?format=csv');
    expect(exported.status).toBe(200);
    expect(exported.text).not.toMatch(/(^|,|\n)"?[=+\-@\uff1d]/m);
    expect(exported.text).toContain('••••••••');
    const names = (await get(server, providerAdmin, '/exports/organizations?columns=name&search=N-')).text;
    expect(
      rowsOf(names)
        .map((cell) => withoutMark(cell))
        .toSorted(),
    ).toEqual(nasty.map((name) => (name.includes('"') ? '"a,""b"""' : name)).toSorted());
    const importable = (await get(server, providerAdmin, '/exports/organizations?columns=endsAt,name,plan,externalId'))
      .text;
    const again = viewOf(await upload(server, providerAdmin, importable, reseller(world)));
    expect(again).toMatchObject({ status: 'SUCCEEDED', changed: 0, refused: 0, unchanged: rowsOf(importable).length });
    expect(rowsOf((await get(server, siblingAdmin, '/exports/organizations')).text)).toEqual([]);
    expect(rowsOf((await get(server, orgAdmin, '/exports/organizations?columns=name')).text)).toHaveLength(1);
    expect((await send(`${server.url}/exports/organizations`)).status).toBe(401);
  });

  test('holds what its parameters ask for, and is an event', async ({ server, world }) => {
    const { providerAdmin } = world.people;
    const events = await auditOf(server.database, async () => {
      const enabled = await get(
        server,
        providerAdmin,
        '/exports/organizations?apiKeyStatus=ENABLED&columns=apiKeyStatus',
      );
      expect(rowsOf(enabled.text)).toEqual(['ENABLED']);
    });
    expect(events).toMatchObject([
      { action: 'auth.login' },
      {
        action: 'organization.export',
        result: 'OK',
        after: { format: 'csv', columns: ['apiKeyStatus'], apiKeyStatus: ['ENABLED'] },
      },
    ]);
    const [, byKey] = await auditOf(server.database, () =>
      get(server, providerAdmin, '/exports/organizations?search=abcDEF123456'),
    );
    expect(byKey).toMatchObject({ action: 'organization.export', after: { search: '••••••••3456' } });
    for (const query of [
      'format=xml',
      'columns=key',
      'apiKeyStatus=ON',
      'fingerprint=zz',
      'keyModifiedSince=yesterday',
      'thresholdUsedPercentAtLeast=most',
      'thresholdUsedPercentAtLeast=101',
      'ids=x',
      'search=%00',
    ]) {
      const { status, codes } = await get(server, providerAdmin, `/exports/organizations?${query}`);
      expect([query, status, codes]).toEqual([query, 400, ['VALIDATION_FAILED']]);
    }
    const [, refused] = await auditOf(server.database, () =>
      get(server, providerAdmin, '/exports/organizations?search=%00'),
    );
    expect(refused).toMatchObject({ action: 'organization.export', result: 'VALIDATION_FAILED', after: null });
  });
});
