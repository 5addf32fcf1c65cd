import { uniqueName } from '../../support/fixtures.ts';
import { atReseller, type Case, fleet, type Input, inYears, make, type Setting } from './setting.ts';

const newEndpoint = (setting: Setting) => ({
  ...atReseller(setting),
  ...fleet(setting),
  name: uniqueName('Told'),
  url: 'https://hooks.example.com/keyward',
  events: ['api_key.added'],
});

async function endpoint(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'webhookEndpoint.id';
  return { webhookEndpointId: await make(client, 'createWebhookEndpoint', newEndpoint(setting), path) };
}

const newRecipient = (setting: Setting) => ({
  ...atReseller(setting),
  ...fleet(setting),
  address: 'on-call@example.com',
  events: ['api_key.added'],
  digest: 'HOURLY',
});

async function recipient(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'mailRecipient.id';
  return { mailRecipientId: await make(client, 'createMailRecipient', newRecipient(setting), path) };
}

export const noticeCases: Readonly<Record<string, Case>> = {
  createWebhookEndpoint: { input: newEndpoint },
  updateWebhookEndpoint: {
    input: async (setting) => {
      const { serviceProviderId: _, ...changes } = newEndpoint(setting);
      return { ...(await endpoint(setting)), ...changes, isEnabled: true };
    },
  },
  deleteWebhookEndpoint: { input: endpoint },
  testWebhookEndpoint: { input: endpoint },
  rotateWebhookSecret: { input: async (setting) => ({ ...(await endpoint(setting)), overlapHours: 1 }) },
  replayWebhookEvents: { input: async (setting) => ({ ...(await endpoint(setting)), since: inYears(-1) }) },
  createMailRecipient: { input: newRecipient },
  updateMailRecipient: {
    input: async (setting) => {
      const { serviceProviderId: _, ...changes } = newRecipient(setting);
      return { ...(await recipient(setting)), ...changes, isEnabled: true };
    },
  },
  deleteMailRecipient: { input: recipient },
};
