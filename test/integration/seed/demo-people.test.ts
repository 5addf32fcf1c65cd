import { describe, expect } from 'vitest';
import { apiKeyStatus, disablementSources } from '../../../src/api-key/api-key.ts';
import type { ApiKeyRef } from '../../../src/api-key/api-key-slot.ts';
import { logIn } from '../../../src/authentication/login.service.ts';
import { roles } from '../../../src/identity/permissions.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { findFleetSlots, test } from '../../support/seeded-fleet.ts';

describe('the people of the demo fleet', () => {
  test('has somebody of every role, each signing in with the listed password and with no other', async ({ fleet }) => {
    const { keyward, credentials } = fleet;
    const { now } = fleet.options;
    const { users } = credentials;
    const logInAs = (username: string, password: string) =>
      logIn(
        keyward.services,
        { username, password: new Secret(password), now, requestId: 'test', ipAddress: null },
        60,
      );
    expect(new Set(users.map(({ role }) => role))).toEqual(new Set(roles));
    for (const { username, password } of users) {
      expect(password.expose()).toMatch(/^[A-HJ-NP-Za-km-np-z2-9]{20}$/);
      expect(await logInAs(username.toUpperCase(), password.expose())).not.toBeNull();
    }
    expect(await logInAs(users[0]?.username ?? '', users[1]?.password.expose() ?? '')).toBeNull();
    const providers = await keyward.database.query<{ name: string; parentId: string | null }>(
      'select name, parent_id as "parentId" from service_provider',
    );
    const staff = users.filter(({ organization }) => organization === null);
    for (const { name } of providers) {
      const there = staff.filter(({ serviceProvider }) => serviceProvider === name).map(({ role }) => role);
      expect(there).toEqual(expect.arrayContaining(['PROVIDER_ADMIN', 'PROVIDER_SUPPORT']));
    }
  });

  test('gives organization admins a key that works, one at a reseller, one that the provider disabled, one that expired', async ({
    fleet,
  }) => {
    const { keyward } = fleet;
    const { now } = fleet.options;
    const rows = await keyward.database.query<ApiKeyRef & { isReseller: boolean }>(
      `select o.root_provider_id as "rootProviderId", o.id as "organizationId", 'CLOUD_SERVICE' as kind,
         o.provider_id <> o.root_provider_id as "isReseller"
       from staff_member m join organization o on o.id = m.organization_id where m.role = 'ORG_ADMIN'`,
    );
    const slots = await findFleetSlots(fleet, rows);
    const found = slots.map((slot) => {
      const isReseller = rows.find(({ organizationId }) => organizationId === slot.organizationId)?.isReseller;
      return [isReseller ? 'reseller' : 'root', apiKeyStatus(slot, now), ...disablementSources(slot, now)].join(' ');
    });
    expect(found).toEqual(
      expect.arrayContaining([
        'root ENABLED',
        'reseller ENABLED',
        'root DISABLED SERVICE_PROVIDER',
        'root DISABLED SUBSCRIPTION_EXPIRED',
      ]),
    );
  });
});
