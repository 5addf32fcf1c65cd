import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Site, settled } from './console.ts';
import { ACTIVE, askAs, find } from './key.ts';

const userErrors = 'userErrors { code message }';

async function run(page: Page, name: string, type: string, input: Readonly<Record<string, unknown>>, fields = '') {
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} ${userErrors} } }`;
  const data = await askAs<Record<string, { userErrors: readonly unknown[] } & Record<string, unknown>>>(page, query, {
    input,
  });
  expect(data[name]?.userErrors).toEqual([]);
  return data[name];
}

export async function ownProvider(page: Page): Promise<string> {
  const query = '{ viewer { serviceProvider { id } } }';
  const { viewer } = await askAs<{ viewer: { serviceProvider: { id: string } | null } }>(page, query, {});
  if (viewer.serviceProvider === null) throw new Error('the viewer is at no provider');
  return viewer.serviceProvider.id;
}

function idOf(thing: unknown): string {
  if (typeof thing !== 'object' || thing === null || !('id' in thing)) throw new Error('nothing was made');
  return String(thing.id);
}

/** @returns its id */
export async function addEndpoint(
  page: Page,
  name: string,
  url: string,
  events: readonly string[] = ['api_key.regenerated', 'api_key.disabled', 'subscription.ending'],
): Promise<string> {
  const input = { serviceProviderId: await ownProvider(page), name, url, events };
  const made = await run(page, 'createWebhookEndpoint', 'CreateWebhookEndpointInput', input, 'webhookEndpoint { id }');
  return idOf(made?.['webhookEndpoint']);
}

export async function sendTest(page: Page, webhookEndpointId: string): Promise<void> {
  await run(page, 'testWebhookEndpoint', 'WebhookEndpointCommandInput', { webhookEndpointId });
}

export async function addRecipient(page: Page, address: string): Promise<void> {
  const input = { serviceProviderId: await ownProvider(page), address, events: ['subscription.ending'] };
  await run(page, 'createMailRecipient', 'CreateMailRecipientInput', input);
}

export async function addPolicy(page: Page, name: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const place = { serviceProviderId: await ownProvider(page) };
  const input = { ...place, name, maximumAgeDays: 1, mode: 'NOTIFY', noticeDays: [], ...more };
  await run(page, 'createRotationPolicy', 'CreateRotationPolicyInput', input);
}

/** @param issuer answers with its discovery document */
export async function trustIssuer(page: Page, name: string, issuer: string): Promise<void> {
  const roleMapping = [{ value: 'viewers', role: 'PROVIDER_VIEWER' }];
  const input = { name, issuer, audience: 'https://api.example', roleClaim: 'groups', roleMapping };
  const serviceProviderId = await ownProvider(page);
  await run(page, 'createTrustedIssuer', 'CreateTrustedIssuerInput', { ...input, serviceProviderId });
}

/** Saves some organizations of the viewer's own provider, and of those below it, as a group. @returns its id */
export async function addGroup(page: Page, name: string, organizationIds: readonly string[]): Promise<string> {
  const input = { serviceProviderId: await ownProvider(page), name, organizationIds };
  const made = await run(
    page,
    'createOrganizationGroup',
    'CreateOrganizationGroupInput',
    input,
    'organizationGroup { id }',
  );
  return idOf(made?.['organizationGroup']);
}

export async function deleteGroup(page: Page, organizationGroupId: string): Promise<void> {
  await run(page, 'deleteOrganizationGroup', 'DeleteOrganizationGroupInput', { organizationGroupId });
}

/** Plans a rotation of some organizations, and waits for nothing. */
export async function planFor(page: Page, runAt: Date, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const organizations = await find(page, ACTIVE);
  const organizationIds = organizations.slice(0, 3).map(({ id }) => id);
  await run(page, 'planRotation', 'PlanRotationInput', { organizationIds, runAt: runAt.toISOString(), ...more });
}

/** @returns an organization on whose key two strings work */
export async function openOverlap(page: Page, index: number): Promise<string> {
  const provider = await ownProvider(page);
  const own = await find(page, { ...ACTIVE, serviceProviderId: provider });
  const { id } = await ownedBy(
    page,
    own.map((each) => each.id),
    provider,
    index,
  );
  await overlapOn(page, id);
  return id;
}

/** Lets two strings work on the key of an organization that belongs to the viewer's own provider. */
export async function overlapOn(page: Page, id: string): Promise<void> {
  const allowed = { serviceProviderId: await ownProvider(page), overlapAllowedMinutes: 240 };
  await run(page, 'setOverlapAllowed', 'SetOverlapAllowedInput', allowed);
  const runAt = new Date(Date.now() + 1500);
  await planFor(page, runAt, { organizationIds: [id], overlapMinutes: 240 });
  const query = 'query($id: ID!) { organization(id: $id) { apiKey { overlap { endsAt } } } }';
  type Answer = { organization: { apiKey: { overlap: unknown } } };
  await expect
    .poll(async () => (await askAs<Answer>(page, query, { id })).organization.apiKey.overlap, { timeout: 20_000 })
    .not.toBeNull();
}

/** Lends the administrator's whole role on some organizations to another provider, whose administrator accepts it. */
export async function lendTo(
  other: Page,
  admin: Page,
  granteeServiceProviderId: string,
  organizationIds: readonly string[],
): Promise<void> {
  const input = {
    ...{ granteeServiceProviderId, organizationIds, role: 'PROVIDER_ADMIN' },
    serviceProviderId: await ownProvider(admin),
    expiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  };
  const made = await run(admin, 'grantDelegation', 'GrantDelegationInput', input, 'delegation { id }');
  await run(other, 'acceptDelegation', 'AcceptDelegationInput', { delegationId: idOf(made?.['delegation']) });
}

/** An overlap is allowed by the provider that an organization belongs to, not by one above. */
async function ownedBy(page: Page, ids: readonly string[], provider: string, index: number): Promise<{ id: string }> {
  const query =
    'query($filter: OrganizationFilter) { organizations(filter: $filter, first: 200) { nodes { id serviceProvider { id } } } }';
  type Answer = { organizations: { nodes: { id: string; serviceProvider: { id: string } }[] } };
  const { organizations } = await askAs<Answer>(page, query, { filter: { ids: ids.slice(0, 200) } });
  const found = organizations.nodes.filter(({ serviceProvider }) => serviceProvider.id === provider)[index];
  if (found === undefined) throw new Error('the provider has no such organization of its own');
  return found;
}

export async function goTo(page: Page, site: Site, path: string): Promise<void> {
  await page.goto(`${site.server.url}${path}`);
  await settled(page);
}
