// The life of one key, as a plain GraphQL client lives it over HTTP. Start Keyward with `npm start`, then `npm run example`.
//   KEYWARD_URL          where it listens                        (http://localhost:4000)
//   KEYWARD_CREDENTIALS  user names and passwords to sign in with (.keyward/demo-credentials.json)
import { readFile } from 'node:fs/promises';
import { type Json, KeywardClient, type User } from './keyward-client.ts';

const credentialsFile = process.env['KEYWARD_CREDENTIALS'] ?? '.keyward/demo-credentials.json';
const credentials = JSON.parse(await readFile(credentialsFile, 'utf8')) as { url: string; users: User[] };
const url = process.env['KEYWARD_URL'] ?? credentials.url;
const run = Date.now().toString(36);

function step(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

function chapter(title: string): void {
  process.stdout.write(`\n${title}\n`);
}

function someone(role: string, where: Partial<User> = {}): User {
  const found = credentials.users.find(
    (user) => user.role === role && Object.entries(where).every(([key, value]) => user[key as keyof User] === value),
  );
  if (found === undefined) throw new Error(`nobody in ${credentialsFile} is ${role}`);
  return found;
}

const SLOT = `apiKey { status maskedKey version allowedActions disablements { source reason note } }`;
const keyMutation = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { keyString ${SLOT} userErrors { code message field } } }`;
const ADD = keyMutation('addApiKey', 'ApiKeyInput');
const EDIT = keyMutation('editApiKey', 'EditApiKeyInput');
const REGENERATE = keyMutation('regenerateApiKey', 'ApiKeyInput');
const DELETE = keyMutation('deleteApiKey', 'ApiKeyInput');
const REVEAL = keyMutation('revealApiKey', 'ApiKeyInput');
const DISABLE = keyMutation('disableApiKey', 'DisableApiKeyInput');
const ENABLE = keyMutation('enableApiKey', 'EnableApiKeyInput');
const APPLY = `mutation ($input: ApplySubscriptionInput!) { applySubscription(input: $input) {
  subscription { status endsAt } organization { baseUrl ${SLOT} } userErrors { code message } } }`;
const RENEW = `mutation ($input: RenewSubscriptionInput!) { renewSubscription(input: $input) {
  subscription { status endsAt } organization { ${SLOT} } userErrors { code message } } }`;
const CREATE_ORGANIZATION = `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
  organization { id name } userErrors { code message } } }`;

const inOneYear = () => new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString();

/** Key strings are shown to those who ran the story, never in full. */
const shown = (keyString: Json | undefined) => `${String(keyString).slice(0, 2)}…${String(keyString).slice(-2)}`;

chapter('A provider comes aboard');
const platform = await KeywardClient.signIn(url, someone('PLATFORM_ADMIN'));
const provider = await platform.mutate(
  `mutation ($input: CreateServiceProviderInput!) { createServiceProvider(input: $input) {
     serviceProvider { id name baseUrl } userErrors { code message } } }`,
  { name: `Aurora Managed Services ${run}` },
);
step(`the platform creates the provider ${provider.at('serviceProvider.name')}`);
const firstCustomer = await platform.mutate(CREATE_ORGANIZATION, {
  serviceProviderId: provider.at('serviceProvider.id'),
  name: 'First Customer Ltd',
});
const provisioned = await platform.mutate(APPLY, {
  organizationId: firstCustomer.at('organization.id'),
  plan: 'API Essentials',
  endsAt: inOneYear(),
});
step(`its first customer subscribes, and a key appears: ${provisioned.at('organization.apiKey.maskedKey')}`);

chapter('A customer of an established provider');
const admin = await KeywardClient.signIn(url, someone('PROVIDER_ADMIN'));
const viewer = await admin.query('{ viewer { displayName serviceProvider { id name } } }');
const organization = await admin.mutate(CREATE_ORGANIZATION, {
  serviceProviderId: viewer.at('viewer.serviceProvider.id'),
  name: `Northwind Bakery ${run}`,
  externalId: `C-${run}`,
});
const organizationId = organization.at('organization.id');
step(`${viewer.at('viewer.displayName')} onboards ${organization.at('organization.name')}`);
await admin.expectRefusal(ADD, { organizationId }, 'SUBSCRIPTION_REQUIRED');
step('no key without a subscription: SUBSCRIPTION_REQUIRED');
const applied = await admin.mutate(APPLY, { organizationId, plan: 'API Business', endsAt: inOneYear() });
step(`subscribed; API clients connect to ${applied.at('organization.baseUrl')}`);
const revealed = await admin.mutate(REVEAL, { organizationId });
step(`the key, revealed: ${shown(revealed.at('keyString'))}`);

chapter('Edit, regenerate, delete, add');
const chosen = `Bakery${run}000000`.slice(0, 12);
const edited = await admin.mutate(EDIT, { organizationId, newKey: chosen });
step(`edited to a string of the customer's own: ${edited.at('apiKey.maskedKey')}`);
await admin.expectRefusal(EDIT, { organizationId, newKey: chosen }, 'KEY_UNCHANGED');
await admin.expectRefusal(EDIT, { organizationId, newKey: 'too short' }, 'INVALID_KEY_FORMAT');
await admin.expectRefusal(ADD, { organizationId }, 'KEY_EXISTS');
step('refused, and nothing changed: KEY_UNCHANGED, INVALID_KEY_FORMAT, KEY_EXISTS');
const input = { organizationId, idempotencyKey: `regenerate-${run}` };
const regenerated = await admin.mutate(REGENERATE, input);
const retried = await admin.mutate(REGENERATE, input);
if (regenerated.at('keyString') !== retried.at('keyString')) throw new Error('a retry rotated the key again');
step(`regenerated: ${shown(regenerated.at('keyString'))}; the retry with the same idempotency key gives the same`);
await admin.expectRefusal(DELETE, { organizationId, expectedVersion: 1 }, 'VERSION_CONFLICT');
await admin.mutate(DELETE, { organizationId, expectedVersion: regenerated.at('apiKey.version') });
await admin.expectRefusal(REVEAL, { organizationId }, 'KEY_NOT_FOUND');
const added = await admin.mutate(ADD, { organizationId });
step(`deleted and added again: ${added.at('apiKey.maskedKey')}`);

chapter('Abuse');
const customer = someone('ORG_ADMIN');
const orgAdmin = await KeywardClient.signIn(url, customer);
const own = await orgAdmin.query(`{ viewer { organization { id name ${SLOT} } } }`);
const abusive = { organizationId: own.at('viewer.organization.id') };
const support = await KeywardClient.signIn(
  url,
  someone('PROVIDER_SUPPORT', { serviceProvider: customer.serviceProvider }),
);
await support.mutate(DISABLE, {
  ...abusive,
  reason: 'TERMS_VIOLATION',
  note: 'Scraping the whole directory every minute',
});
step(`support disables the key of ${own.at('viewer.organization.name')}`);
for (const command of [REGENERATE, DELETE]) await orgAdmin.expectRefusal(command, abusive, 'KEY_DISABLED');
await orgAdmin.expectRefusal(EDIT, { ...abusive, newKey: chosen }, 'KEY_DISABLED');
await orgAdmin.expectRefusal(ENABLE, { ...abusive, note: 'please' }, 'FORBIDDEN');
step('its admin cannot regenerate, delete, edit or enable: KEY_DISABLED, FORBIDDEN');
await support.expectRefusal(ENABLE, { ...abusive, note: '' }, 'NOTE_REQUIRED');
const enabled = await support.mutate(ENABLE, { ...abusive, note: 'The script was fixed; ticket 4711' });
step(`support enables it with a note: ${enabled.at('apiKey.status')}`);

chapter('The end of a subscription, and a new one');
const cancelled = await admin.mutate(
  `mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) {
     subscription { status } organization { ${SLOT} } userErrors { code message } } }`,
  { organizationId },
);
step(`cancelled: ${cancelled.at('subscription.status')}, the key is ${cancelled.at('organization.apiKey.status')}`);
await admin.expectRefusal(REGENERATE, { organizationId }, 'SUBSCRIPTION_EXPIRED');
const renewed = await admin.mutate(RENEW, { organizationId, endsAt: inOneYear() });
step(
  `renewed: the same key ${renewed.at('organization.apiKey.maskedKey')} is ${renewed.at('organization.apiKey.status')}`,
);

chapter('What the audit trail says');
const trail = await admin.query(
  `query ($id: ID!) { auditEvents(filter: { organizationId: $id }, first: 50) { nodes { at action result actor { displayName } } } }`,
  { id: organizationId },
);
for (const event of trail.list('auditEvents.nodes').reverse()) {
  step(`${event.at('at')}  ${event.at('action')}  ${event.at('result')}  by ${event.at('actor.displayName')}`);
}
process.stdout.write('\nThat was the life of one key.\n');
