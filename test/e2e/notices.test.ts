import { expect } from 'vitest';
import { organizationId } from '../support/graphql-world.ts';
import { startMailServer } from '../support/mail-server.ts';
import { createRecipient, mailOptions } from '../support/mails.ts';
import { test as streamTest } from '../support/stream-world.ts';
import { listen } from '../support/streams.ts';
import { startTestServer } from '../support/test-installation.ts';

const EVENTS = `subscription ($types: [String!]) {
  events(types: $types) { events { type organizationId actor { displayName } } hasMissed } }`;
const TYPES = ['subscription.ending', 'subscription.ended'];
const WAIT = { timeout: 20_000, interval: 50 };

const test = streamTest
  .extend('mails', { scope: 'file' }, async ({}, { onCleanup }) => {
    const mails = await startMailServer();
    onCleanup(() => mails[Symbol.asyncDispose]());
    return mails;
  })
  .extend('server', { scope: 'file' }, async ({ mails }, { onCleanup }) => {
    const server = await startTestServer({ mail: mailOptions(mails.url) });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  });

test('a running server tells of a subscription that ends: live, and by mail', async ({
  server,
  mails,
  world,
  headersOf,
}) => {
  const { people, tenants, organization } = world;
  await createRecipient(world.as(world.providerAdmin), tenants.reseller, { events: TYPES });
  const listener = await listen(server.url, await headersOf(people.providerAdmin), EVENTS, { types: TYPES });
  expect((await listener.next())?.data?.data?.['events']).toEqual({ events: [], hasMissed: false });
  await server.database.query(
    `update subscription set ends_at = now() + interval '6 days', starts_at = now() - interval '1 year' where organization_id = $1`,
    [organization.organizationId],
  );
  /** As if a minute had passed. */
  const passMinute = (name: string) =>
    server.database.query(`update scheduled_job set queued_at = queued_at - interval '1 minute' where name = $1`, [
      name,
    ]);
  await passMinute('tell_subscription_ends');
  const told = (await listener.next())?.data?.data?.['events'];
  expect(told).toEqual({
    events: [
      {
        type: 'subscription.ending',
        organizationId: organizationId(organization),
        actor: { displayName: 'System' },
      },
    ],
    hasMissed: false,
  });
  await passMinute('send_mails');
  await expect.poll(() => mails.received.length, WAIT).toBe(1);
  expect(mails.received[0]?.mail.subject).toMatch(/^Keyward: Subscription ending, Organization/);
  expect(mails.received[0]?.mail.text).toContain('days left: 6');
  listener.hangUp();
});
