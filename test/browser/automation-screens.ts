import { addEndpoint, addPolicy, addRecipient, goTo, openOverlap, planFor, sendTest } from './automation.ts';
import type { ShownScreen } from './shown-screen.ts';

const IN_A_WEEK_MS = 7 * 86_400_000;
const inAWeek = () => new Date(Date.now() + IN_A_WEEK_MS);

/** What tells and rotates by itself: webhooks, mail, policies, plans. */
export const automationScreens: readonly ShownScreen[] = [
  {
    name: 'webhooks',
    as: 'PROVIDER_ADMIN',
    path: '/webhooks',
    andThen: async (page, site) => {
      await addEndpoint(page, 'Ticket system', site.receiver.url);
      await addEndpoint(page, 'مركز العمليات', 'https://hooks.example.com/keyward/v1/events');
      await goTo(page, site, '/webhooks');
      await page.getByRole('table', { name: 'Webhooks' }).waitFor();
    },
  },
  {
    name: 'webhook-add',
    as: 'PROVIDER_ADMIN',
    path: '/webhooks',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Add webhook' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a webhook' });
      await dialog.getByRole('checkbox', { name: 'Subscriptions', exact: true }).check();
      await dialog.getByRole('button', { name: 'Show events: Keys' }).click();
      await dialog.getByRole('checkbox', { name: 'Regenerated' }).check();
    },
  },
  {
    name: 'webhook-secret',
    as: 'PROVIDER_ADMIN',
    path: '/webhooks',
    andThen: async (page, site) => {
      const id = await addEndpoint(page, 'Ticket system', site.receiver.url);
      await goTo(page, site, `/webhooks/${id}`);
      await page.getByRole('button', { name: 'More for Ticket system' }).click();
      await page.getByRole('menuitem', { name: 'Rotate secret' }).click();
      await page.getByRole('button', { name: 'Rotate and show secret' }).click();
      await page.getByRole('dialog', { name: 'New secret of Ticket system' }).waitFor();
    },
  },
  {
    name: 'webhook-failing',
    as: 'PROVIDER_ADMIN',
    path: '/webhooks',
    andThen: async (page, site) => {
      const id = await addEndpoint(page, 'Old ticket system', `${site.keySets.origin}/forbidden`);
      await sendTest(page, id);
      await goTo(page, site, `/webhooks/${id}`);
      await page.getByText('Every attempt fails.').waitFor();
    },
  },
  {
    name: 'webhook-replay',
    as: 'PROVIDER_ADMIN',
    path: '/webhooks',
    andThen: async (page, site) => {
      const id = await addEndpoint(page, 'Ticket system', site.receiver.url);
      await goTo(page, site, `/webhooks/${id}`);
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByRole('dialog').getByLabel('From (UTC)').waitFor();
    },
  },
  {
    name: 'mail',
    as: 'PROVIDER_ADMIN',
    path: '/notifications',
    andThen: async (page, site) => {
      await addRecipient(page, 'on-call@northwind-msp.example');
      await goTo(page, site, '/notifications');
      await page.getByRole('table', { name: 'Mail recipients' }).waitFor();
    },
  },
  {
    name: 'mail-add',
    as: 'PROVIDER_ADMIN',
    path: '/notifications',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Add recipient' }).click();
      await page.getByRole('dialog').getByLabel('Address').waitFor();
    },
  },
  {
    name: 'rotation',
    as: 'PROVIDER_ADMIN',
    path: '/rotation',
    andThen: async (page, site) => {
      await addPolicy(page, 'Quarterly', {
        maximumAgeDays: 90,
        mode: 'AUTOMATIC',
        noticeDays: [14, 7, 1],
        window: { days: ['SATURDAY', 'SUNDAY'], fromHour: 22, toHour: 3, timeZone: 'Europe/Berlin' },
        sharedString: true,
      });
      await goTo(page, site, '/rotation');
      await page.getByRole('table', { name: 'Rotation policies' }).waitFor();
    },
  },
  { name: 'rotation-viewer', as: 'PROVIDER_VIEWER', path: '/rotation' },
  {
    name: 'rotation-policy-add',
    as: 'PROVIDER_ADMIN',
    path: '/rotation',
    andThen: async (page) => {
      await page.getByRole('button', { name: 'Add policy' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a rotation policy' });
      await dialog.getByRole('radio', { name: 'Rotate by itself' }).check();
      await dialog.getByRole('radio', { name: 'In a window alone' }).check();
      await dialog.getByLabel('From').waitFor();
    },
  },
  {
    name: 'rotation-planned',
    as: 'PROVIDER_ADMIN',
    path: '/rotation/planned',
    andThen: async (page, site) => {
      await planFor(page, inAWeek());
      await goTo(page, site, '/rotation/planned');
      await page.getByRole('table', { name: 'Planned rotations' }).waitFor();
    },
  },
  {
    name: 'rotation-plan',
    as: 'PROVIDER_ADMIN',
    path: '/rotation/plan?key=ENABLED',
    andThen: (page) => page.getByText(/^[\d,]+ organizations$/).waitFor(),
  },
  {
    name: 'rotation-planned-operation',
    as: 'PROVIDER_ADMIN',
    path: '/rotation/planned',
    andThen: async (page, site) => {
      await planFor(page, inAWeek(), { sharedString: true });
      await goTo(page, site, '/rotation/planned');
      await page.locator('tr[data-row]').first().click();
      await page.getByText('Nothing is changed before.').waitFor();
    },
  },
  {
    name: 'key-overlap',
    as: 'PROVIDER_ADMIN',
    path: '/organizations',
    andThen: async (page, site) => {
      const id = await openOverlap(page, 0);
      await goTo(page, site, `/organizations/${id}/key`);
      await page.getByRole('region', { name: 'Overlap' }).waitFor();
    },
  },
];
