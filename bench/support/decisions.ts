import { lockSlot } from '../../src/api-key/api-key.repository.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import type { Services } from '../../src/context.ts';
import type { Tx } from '../../src/database/database.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { createTestServiceAccount, tokenOf } from '../../test/support/service-accounts.ts';
import type { BenchInstallation } from './bench-installation.ts';
import type { ManyRequests } from './wrk.ts';

export interface Credential {
  readonly ref: OrganizationRef;
  readonly organization: string;
  readonly key: string;
}

const AT_ONCE = 1000;

/** The keys of these organizations, as their clients know them. */
export async function credentialsOf(
  { services }: BenchInstallation,
  organizations: readonly OrganizationRef[],
): Promise<Credential[]> {
  const credentials: Credential[] = [];
  for (let at = 0; at < organizations.length; at += AT_ONCE) {
    const some = organizations.slice(at, at + AT_ONCE);
    const opened = await services.database.withTransaction(PLATFORM_SCOPE, (tx) =>
      Promise.all(some.map((ref) => openCredential(services, tx, ref))),
    );
    credentials.push(...opened);
  }
  return credentials;
}

async function openCredential(services: Services, tx: Tx, ref: OrganizationRef): Promise<Credential> {
  const slot = await lockSlot(tx, { ...ref, kind: 'CLOUD_SERVICE' });
  const key = slot === null ? null : await openKeyString(services, tx, slot);
  if (key === null) throw new Error('an organization has no key');
  return {
    ref,
    organization: encodeGlobalId('Organization', ref.rootProviderId, ref.organizationId),
    key: key.expose(),
  };
}

/** The header of a gateway of the whole provider. @param url of any of its servers */
export async function gatewayOf({ services, ctx, provider }: BenchInstallation, url: string): Promise<string> {
  const account = await createTestServiceAccount(services, ctx.actor, provider, ['gateway:verify']);
  return `Bearer ${await tokenOf(url, account)}`;
}

/** A call of each organization in turn. */
export function verifyLoad(url: string, authorization: string, credentials: readonly Credential[]): ManyRequests {
  return {
    url: `${url}/v1/keys/verify`,
    headers: { authorization },
    requests: credentials.map(({ organization, key }) => ({ body: JSON.stringify({ organization, key }) })),
    status: 200,
    expected: '"valid":true',
  };
}
