import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, settled, test } from './console.ts';
import { askAs, dialog } from './key.ts';

interface Named {
  readonly name: string;
  readonly externalId: string | null;
}

async function oneWithExternalId(page: Page): Promise<{ name: string; externalId: string }> {
  const query = '{ organizations(first: 50) { nodes { name externalId } } }';
  const { organizations } = await askAs<{ organizations: { nodes: readonly Named[] } }>(page, query, {});
  for (const { name, externalId } of organizations.nodes) if (externalId !== null) return { name, externalId };
  throw new Error('no organization has an external id');
}

const pickers = [
  { path: '/people/delegations', verb: 'Lend access', field: 'Organizations' },
  { path: '/people/service-accounts', verb: 'Create service account', field: 'Works at' },
] as const;

test.for(pickers)(
  '$path: an organization is offered by its external id, which its name does not hold',
  async ({ path, verb, field }, { open, site }) => {
    const page = await open('PROVIDER_ADMIN', AWAY);
    const { name, externalId } = await oneWithExternalId(page);
    await page.goto(`${site.server.url}${path}`);
    await settled(page);
    await page.getByRole('button', { name: verb }).first().click();
    await dialog(page).getByRole('combobox', { name: field }).fill(externalId);
    await page.getByRole('option', { name }).first().waitFor();
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
  },
);
