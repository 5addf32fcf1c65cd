import { expect } from 'vitest';
import { findApiSessions } from '../../../src/api-session/api-session.repository.ts';
import { isAlive, livingAt } from '../../../src/api-session/api-session.ts';
import { findApiSessionPage } from '../../../src/api-session/api-session-list.repository.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { placeOf } from '../../support/fixtures.ts';
import { test } from '../../support/key-world.ts';
import { insertApiSession } from '../../support/tenant-rows/data-plane.ts';

const IDLE_MS = 5 * 60_000;

/** What may have happened to a session, as the owner writes it. */
const states: Record<string, string | null> = {
  nothing: null,
  'a change of the slot': 'update api_key set version = version + 1 where organization_id = $1',
  'the end of the key': `update api_key set fingerprint = null, ciphertext = null, data_key_version = null, key_version = null,
    last_four = null, created_at = null where organization_id = $1`,
  'a disablement': `insert into disablement (root_provider_id, organization_id, kind, source, provider_path, reason, at, by_name)
    select root_provider_id, organization_id, kind, 'PLATFORM', provider_path, 'NON_PAYMENT', now(), 'System' from api_key
    where organization_id = $1`,
  'a disablement of the other slot': `insert into disablement
      (root_provider_id, organization_id, kind, source, provider_path, reason, at, by_name)
    select root_provider_id, organization_id, kind, 'PLATFORM', provider_path, 'NON_PAYMENT', now(), 'System' from api_key
    where organization_id = $1 and kind = 'SANDBOX_SUBMISSION'`,
  'the end of the subscription': 'update subscription set ends_at = now() where organization_id = $1',
  'a change of the admin': 'update staff_member set session_epoch = session_epoch + 1 where organization_id = $1',
  'the admin deactivated': 'update staff_member set deactivated_at = now() where organization_id = $1',
  'no use for too long': `update api_session set last_used_at = now() - interval '6 minutes' where organization_id = $1`,
  'no use for a while': `update api_session set last_used_at = now() - interval '4 minutes' where organization_id = $1`,
};

test.for(Object.entries(states))('after %s the list and the rule agree', async ([, sql], { keyward, world }) => {
  const { services, database } = keyward;
  const place = await placeOf(services, world.organization);
  const id = await insertApiSession(database, place, world.people.orgAdmin.member.id);
  if (sql !== null) await database.query(sql, [world.organization.organizationId]);
  const now = new Date();
  const page = { first: 10, after: null };
  const [states, listed] = await services.database.read(PLATFORM_SCOPE, (tx) =>
    Promise.all([
      findApiSessions(tx, [{ rootProviderId: world.organization.rootProviderId, apiSessionId: id }]),
      findApiSessionPage(tx, world.organization, livingAt(now, IDLE_MS), page),
    ]),
  );
  expect(states).toHaveLength(1);
  expect(listed.map(({ apiSessionId }) => apiSessionId)).toEqual(
    states.filter((state) => isAlive(state, now, IDLE_MS)).map(({ apiSessionId }) => apiSessionId),
  );
});
