import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addEndpoint, addGroup, addPolicy, addRecipient, ownProvider, planFor } from './automation.ts';
import { AWAY, goWithin, type OpenPage, type Site, settled, test } from './console.ts';
import { ACTIVE, askAs, find } from './key.ts';
import { becomeNew, selectRows } from './sync-steps.ts';

const people = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'RESELLER_VIEWER', 'ORG_ADMIN'] as const;
type Person = (typeof people)[number];

/** What a screen offers somebody: by its buttons and links, then by the menu of a row. Null: not the screen. */
type Offer = readonly string[] | null;

interface Screen {
  readonly path: string;
  /** Whose menu is looked at, where it is in sight. */
  readonly row?: string;
  readonly offers: Readonly<Record<Person, Offer>>;
}

function offers(admin: Offer, support: Offer, viewer: Offer, organization: Offer): Screen['offers'] {
  return { PROVIDER_ADMIN: admin, PROVIDER_SUPPORT: support, RESELLER_VIEWER: viewer, ORG_ADMIN: organization };
}

/** In an order in which no two of one page follow each other: what is shown is another then, and can be waited for. */
const screens: readonly Screen[] = [
  { path: '/overview', offers: offers(['Add organizations', 'Hide'], [], [], null) },
  {
    path: '/people',
    row: 'Tomasz Zieliński',
    offers: offers(['Add somebody', 'Edit', 'Reset password', 'End sessions', 'Deactivate', 'Remove'], null, null, [
      'Add somebody',
    ]),
  },
  { path: '/organizations', offers: offers(['Add', 'Export CSV'], ['Export CSV'], ['Export CSV'], null) },
  { path: '/onboarding', offers: offers(['Export fleet as CSV'], null, null, null) },
  { path: '/sync', offers: offers(['New sync'], [], [], null) },
  {
    path: '/settings',
    offers: offers(
      ['Change password', 'End all my sessions'],
      ['Change password', 'End all my sessions'],
      ['Change password', 'End all my sessions'],
      ['Change password', 'End all my sessions'],
    ),
  },
  { path: '/sync/approvals', offers: offers(['New sync'], [], [], null) },
  { path: '/people/roles', offers: offers(['Create role'], null, null, ['Add somebody']) },
  { path: '/sync/drift', offers: offers(['New sync', 'Bring N organizations in line'], [], [], null) },
  { path: '/onboarding/organization', offers: offers(['Export fleet as CSV', 'Add organization'], null, null, null) },
  {
    path: '/sync/groups',
    row: 'Clinics',
    offers: offers(
      ['Choose organizations', 'New sync', 'See its organizations', 'Sync key', 'Rename', 'Delete'],
      ['See its organizations'],
      [],
      null,
    ),
  },
  {
    path: '/settings/provider',
    offers: offers(['Save', 'Save overlap'], [], [], ['Change password', 'End all my sessions']),
  },
  { path: '/sync/new', offers: offers(['Cancel', 'See what would happen'], null, null, null) },
  {
    path: '/people/service-accounts',
    offers: offers(['Create service account'], null, null, ['Create service account']),
  },
  { path: '/support-desk', offers: offers([], [], null, null) },
  {
    path: '/onboarding/subscription',
    offers: offers(['Export fleet as CSV', 'Apply subscription'], null, null, null),
  },
  {
    path: '/rotation',
    row: 'Quarterly',
    offers: offers(['Add policy', 'Plan a rotation', 'Edit', 'Switch off', 'Delete'], [], [], null),
  },
  {
    path: '/settings/single-sign-on',
    offers: offers(
      ['Trust an issuer'],
      ['Change password', 'End all my sessions'],
      ['Change password', 'End all my sessions'],
      ['Change password', 'End all my sessions'],
    ),
  },
  {
    path: '/rotation/planned',
    row: 'Regenerating the keys of 1 organization',
    offers: offers(['Plan a rotation', 'See what it would do', 'Cancel rotation'], ['See what it would do'], [], null),
  },
  { path: '/people/delegations', offers: offers(['Lend access'], null, null, ['Add somebody']) },
  { path: '/rotation/plan', offers: offers(['Cancel', 'See what would happen'], null, null, null) },
  { path: '/onboarding/provider', offers: offers(['Export fleet as CSV', 'Add reseller'], null, null, null) },
  {
    path: '/webhooks',
    row: 'Ticket system',
    offers: offers(
      [
        ...['Add webhook', 'See deliveries', 'Send test event', 'Send again', 'Edit', 'Rotate secret', 'Disable'],
        'Delete',
      ],
      null,
      null,
      null,
    ),
  },
  {
    path: '/notifications',
    row: 'on-call@msp.example',
    offers: offers(['Add recipient', 'Edit', 'Disable', 'Delete'], null, null, null),
  },
  { path: '/audit', offers: offers(['Export'], ['Export'], null, ['Export']) },
];

/** What somebody may do with organizations that are selected. */
const withSelected: Readonly<Record<Person, readonly string[]>> = {
  PROVIDER_ADMIN: ['Sync key', 'Enable', 'Disable', 'Regenerate', 'Renew', 'Group'],
  PROVIDER_SUPPORT: ['Enable', 'Disable'],
  RESELLER_VIEWER: [],
  ORG_ADMIN: [],
};

const rails: Readonly<Record<Person, readonly string[]>> = {
  PROVIDER_ADMIN: [
    ...['Overview', 'Organizations', 'Sync', 'Support desk', 'Rotation', 'Webhooks', 'Audit', 'People', 'Settings'],
  ],
  PROVIDER_SUPPORT: ['Overview', 'Organizations', 'Sync', 'Support desk', 'Rotation', 'Audit', 'Settings'],
  RESELLER_VIEWER: ['Overview', 'Organizations', 'Sync', 'Rotation', 'Settings'],
  ORG_ADMIN: ['Organization', 'Audit', 'People', 'Settings'],
};

/** What only shows: more of it, less of it, or how it works. */
const QUIET =
  /^(Columns|Views|Copy .+|How .+|See (?!what would).+|Open GraphiQL|Download an example|All operations|Planned rotations|)$/;

/** Buttons and links of the screen itself: not those of its rows, lists, filters, heads and tabs. */
async function offeredOn(page: Page): Promise<readonly string[]> {
  const names = await page
    .getByRole('main')
    .locator('button:visible, a:visible')
    .evaluateAll((all) =>
      all
        .filter(
          (each) =>
            each.closest(
              'table, nav, [role="tablist"], ul, ol, dl, fieldset, [aria-pressed], [aria-haspopup="dialog"]',
            ) === null,
        )
        .map((each) => each.getAttribute('aria-label') ?? each.textContent ?? ''),
    );
  return [...new Set(names)].map((name) => name.replace(/\d+/, 'N')).filter((name) => !QUIET.test(name));
}

/** What the menu of a row holds, where that is in sight and has one. */
async function offeredFor(page: Page, row: string): Promise<readonly string[]> {
  const button = page.getByRole('button', { name: `Actions for ${row}`, exact: true });
  if ((await button.count()) === 0) return [];
  await button.click();
  const items = await page.getByRole('menuitem').allTextContents();
  await page.keyboard.press('Escape');
  return items;
}

/** A page away from the console, on which somebody is signed in. */
async function openAs(person: Person, open: OpenPage): Promise<Page> {
  if (person !== 'RESELLER_VIEWER') return open(person, AWAY);
  const page = await open('PROVIDER_ADMIN', AWAY);
  const query = '{ serviceProviders(first: 50) { nodes { id parent { id } } } }';
  type Answer = { serviceProviders: { nodes: { id: string; parent: { id: string } | null }[] } };
  const { serviceProviders } = await askAs<Answer>(page, query, {});
  const reseller = serviceProviders.nodes.find(({ parent }) => parent !== null);
  if (reseller === undefined) throw new Error('the demo fleet has no reseller');
  await becomeNew(page, { displayName: 'Rita Looks', role: 'PROVIDER_VIEWER', serviceProviderId: reseller.id });
  return page;
}

/** One of each, so that there are rows. */
async function fill(admin: Page, { receiver }: Site): Promise<void> {
  const [first] = await find(admin, { ...ACTIVE, serviceProviderId: await ownProvider(admin) });
  await addEndpoint(admin, 'Ticket system', receiver.url);
  await addRecipient(admin, 'on-call@msp.example');
  await addPolicy(admin, 'Quarterly', { maximumAgeDays: 90 });
  await addGroup(admin, 'Clinics', [first?.id ?? '']);
  await planFor(admin, new Date(Date.now() + 7 * 86_400_000), { organizationIds: [first?.id] });
}

test.for(people)(
  '%s is offered on each screen what the role allows, and no more',
  { timeout: 90_000 },
  async (person, { open, site }) => {
    const admin = await open('PROVIDER_ADMIN', AWAY);
    if (person === people[0]) await fill(admin, site);
    const page = await openAs(person, open);
    await page.goto(`${site.server.url}/settings`);
    await settled(page);
    const rail = page.getByRole('navigation', { name: 'Main' });
    expect(await rail.getByRole('link').allTextContents()).toEqual(rails[person]);
    const found: Record<string, Offer> = {};
    const refused = page.getByRole('heading', { name: 'Your role does not allow this' });
    for (const { path, row } of screens) {
      await goWithin(page, path);
      const menu = row === undefined ? [] : await offeredFor(page, row);
      found[path] = (await refused.isVisible()) ? null : [...(await offeredOn(page)), ...menu];
    }
    expect(found).toEqual(Object.fromEntries(screens.map(({ path, offers: of }) => [path, of[person]])));
    if (person === 'ORG_ADMIN') return;
    await goWithin(page, '/organizations');
    await selectRows(page, 1);
    const labels = await page.getByRole('region', { name: 'Selection' }).getByRole('button').allTextContents();
    expect(labels.filter((label) => !/^(Select all|Clear)/.test(label))).toEqual(withSelected[person]);
  },
);

test('an organization whose subscription has ended reads why nothing can be changed, and whom to ask', async ({
  open,
  site,
}) => {
  const admins = site.credentials.users.filter(({ role }) => role === 'ORG_ADMIN');
  const { username, password } = admins[2] ?? {};
  const page = await open(null, AWAY);
  const { origin } = new URL(page.url());
  const data = { username, password: password?.expose() };
  await page.context().request.post(`${origin}/auth/session`, { data });
  await page.goto(`${origin}/`);
  const banner = page.getByRole('region', { name: 'Subscription expired' });
  await banner.getByText('Contact Northwind Managed Services to have it renewed.').waitFor();
  expect(await banner.getByRole('button').count()).toBe(0);
  for (const verb of ['Edit', 'Regenerate', 'Delete']) {
    const button = page.getByRole('button', { name: verb, exact: true });
    expect(await button.getAttribute('aria-disabled'), verb).toBe('true');
    const reason = page.locator(`[id="${await button.getAttribute('aria-describedby')}"]`);
    expect(await reason.textContent()).toMatch(/^The subscription ended on \d+ \w+ \d{4}\.$/);
  }
  // It may still be looked up: it works again when the subscription is renewed.
  await page.getByRole('button', { name: 'Reveal key' }).waitFor();
});
