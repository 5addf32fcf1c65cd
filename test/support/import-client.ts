import { setTimeout as wait } from 'node:timers/promises';
import type { ImportView } from '../../src/organization-file/import.type.ts';
import type { TestStaff } from './fixtures.ts';
import { bearer } from './graphql-client.ts';
import { providerId } from './graphql-world.ts';
import type { KeyWorld } from './key-world.ts';
import { type RawAnswer, send } from './raw-http.ts';
import type { TestServer } from './test-installation.ts';

export type Fields = Readonly<Record<string, string>>;

export async function upload(
  server: TestServer,
  staff: TestStaff,
  content: string | Uint8Array<ArrayBuffer>,
  fields: Fields,
): Promise<RawAnswer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([content], { type: 'text/csv' }), 'organizations.csv');
  const headers = await bearer(server.url, staff);
  return send(`${server.url}/imports/organizations`, { method: 'POST', headers, body: form });
}

export function viewOf({ text }: RawAnswer): ImportView {
  return JSON.parse(text) as ImportView;
}

export async function get(server: TestServer, staff: TestStaff, path: string): Promise<RawAnswer> {
  return send(`${server.url}${path}`, { headers: await bearer(server.url, staff) });
}

export async function finished(server: TestServer, staff: TestStaff, { operationId }: ImportView): Promise<ImportView> {
  for (;;) {
    const view = viewOf(await get(server, staff, `/imports/${operationId}`));
    if (view.finishedAt !== null) return view;
    await wait(50);
  }
}

/** The provider that tests import to. */
export const reseller = (world: KeyWorld) => ({ serviceProviderId: providerId(world.tenants.reseller) });
/** The lines of a CSV file past its header. */
export const rowsOf = (csv: string) => csv.split('\r\n').slice(1, -1);
