import { setTimeout as wait } from 'node:timers/promises';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { ServiceProviderRef } from '../../src/ids.ts';
import type { ImportView } from '../../src/organization-file/import.type.ts';
import { clientWith } from '../../test/support/graphql-client.ts';
import { organizationFile } from '../support/import-run.ts';
import { secondsOf } from '../support/load.ts';

const LOOK_AGAIN_MS = 10;

/** A client that waits for the end of what it has asked for. */
export interface Caller {
  readonly url: string;
  readonly authorization: string;
}

const idOf = ({ rootProviderId, serviceProviderId }: ServiceProviderRef) =>
  encodeGlobalId('ServiceProvider', rootProviderId, serviceProviderId);

/** A new string in all organizations of the provider, all or nothing. @returns seconds until it has ended */
export function syncOverHttp({ url, authorization }: Caller, provider: ServiceProviderRef, count: number) {
  const client = clientWith(url, { authorization });
  return secondsOf(async () => {
    const input = { filter: { serviceProviderId: idOf(provider) } };
    const started = await client.query(
      'mutation ($input: SyncApiKeyInput!) { syncApiKey(input: $input) { operation { id } userErrors { code } } }',
      { input },
    );
    const id = started.at('syncApiKey.operation.id');
    for (;;) {
      const look = await client.query('query ($id: ID!) { bulkOperation(id: $id) { finishedAt status changed } }', {
        id,
      });
      if (look.at('bulkOperation.finishedAt') === null) {
        await wait(LOOK_AGAIN_MS);
        continue;
      }
      if (look.at('bulkOperation.changed') !== count) throw new Error(`the sync ended so: ${look.text}`);
      return;
    }
  });
}

/** A file of so many new organizations. @returns seconds until they are there */
export async function importOverHttp({ url, authorization }: Caller, provider: ServiceProviderRef, count: number) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of organizationFile(`Customer ${count}`, count)) parts.push(part);
  const content = new Blob(parts, { type: 'text/csv' });
  return secondsOf(async () => {
    const form = new FormData();
    form.append('serviceProviderId', idOf(provider));
    form.append('file', content, 'organizations.csv');
    const headers = { authorization };
    let answer = await fetch(`${url}/imports/organizations`, { method: 'POST', headers, body: form });
    for (;;) {
      if (!answer.ok) throw new Error(`the import was answered with ${answer.status}`);
      const view = (await answer.json()) as ImportView;
      if (view.finishedAt !== null) {
        if (view.changed !== count) throw new Error(`the import ended as ${view.status}: ${view.failure}`);
        return;
      }
      await wait(LOOK_AGAIN_MS);
      answer = await fetch(`${url}/imports/${view.operationId}`, { headers });
    }
  });
}
