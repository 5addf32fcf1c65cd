import { uniqueName } from '../../support/fixtures.ts';
import { providerId } from '../../support/graphql-world.ts';
import { endSubscription } from '../../support/key-states.ts';
import { atReseller, type Case, fleet, type Input, inYears, make, type Setting, target } from './setting.ts';

const newGroup = (setting: Setting) => ({ ...atReseller(setting), ...fleet(setting), name: uniqueName('Group') });

async function group(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'organizationGroup.id';
  return { organizationGroupId: await make(client, 'createOrganizationGroup', newGroup(setting), path) };
}

export const fleetCases: Readonly<Record<string, Case>> = {
  createServiceProvider: {
    input: ({ world }) => ({ name: 'A', parentId: providerId(world.tenants.reseller), baseUrl: 'https://a.example' }),
  },
  createOrganization: { input: (setting) => ({ ...atReseller(setting), name: 'A', externalId: 'a-1' }) },
  applySubscription: {
    arrange: endSubscription,
    input: (setting) => ({
      ...target(setting),
      plan: 'API',
      startsAt: inYears(1),
      endsAt: inYears(2),
      callThreshold: 5,
      thresholdPeriod: 'DAY',
    }),
  },
  renewSubscription: { input: (setting) => ({ ...target(setting), endsAt: inYears(3) }) },
  cancelSubscription: { input: target },
  createOrganizationGroup: { input: newGroup },
  updateOrganizationGroup: { input: async (setting) => ({ ...(await group(setting)), name: 'Other' }) },
  deleteOrganizationGroup: { input: group },
};
