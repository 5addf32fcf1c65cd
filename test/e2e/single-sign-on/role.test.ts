import { describe, expect } from 'vitest';
import type { StaffMemberId } from '../../../src/ids.ts';
import { deactivateStaffMember, removeStaffMember } from '../../../src/staff/staff-member.service.ts';
import { browserOf, CONFIDENTIAL, comeBack, leave, viewerOf } from '../../support/browser-sign-in.ts';
import { answerTo, holdsAs, newPerson, REFUSED, test, trust } from '../../support/single-sign-on-world.ts';

describe('the role of a session by browser', () => {
  test('is that of the ID token, and a session in the one before is over', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const subject = newPerson(idp);
    const first = browserOf(server, idp, subject);
    await comeBack(first, await leave(first, issuer));
    idp.people.set(subject, { ...idp.people.get(subject), roles: ['keyward-admins'] });
    const second = browserOf(server, idp, subject);
    await comeBack(second, await leave(second, issuer));
    expect(await viewerOf(server, second)).toMatchObject({ role: 'PROVIDER_ADMIN' });
    await expect.poll(() => viewerOf(server, first)).toBe('UNAUTHENTICATED');
  });

  test('is never another one, whatever an older access token says', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const subject = newPerson(idp, { roles: ['keyward-admins'] });
    const older = await idp.accessToken(subject, issuer.audience);
    expect(await answerTo(server, older)).toEqual(holdsAs('PROVIDER_ADMIN'));
    idp.people.set(subject, { ...idp.people.get(subject), roles: ['keyward-support'] });
    const browser = browserOf(server, idp, subject);
    await comeBack(browser, await leave(browser, issuer));
    expect(await viewerOf(server, browser)).toMatchObject({ role: 'PROVIDER_SUPPORT' });
    // Once the server asks anew, the token holds still, and the session that it would have raised is over.
    const roles = () => server.database.query('select role from staff_member where external_subject = $1', [subject]);
    await expect
      .poll(async () => [await answerTo(server, older), await roles()])
      .toEqual([holdsAs('PROVIDER_ADMIN'), [{ role: 'PROVIDER_ADMIN' }]]);
    await expect.poll(() => viewerOf(server, browser)).toBe('UNAUTHENTICATED');
  });
});

test('somebody who is removed here is back as somebody new, also when they had been deactivated', async ({
  idp,
  server,
  world,
}) => {
  const { audience } = await trust(world, idp);
  const subject = newPerson(idp);
  const token = await idp.accessToken(subject, audience);
  const memberId = async () => {
    const select = 'select id from staff_member where external_subject = $1';
    return (await server.database.query<{ id: StaffMemberId }>(select, [subject]))[0]?.id ?? null;
  };
  expect(await answerTo(server, token)).toEqual(holdsAs('PROVIDER_SUPPORT'));
  const first = await memberId();
  const command = { staffMemberId: first, idempotencyKey: null };
  await deactivateStaffMember(world.as(world.providerAdmin), command);
  await expect.poll(() => answerTo(server, token)).toEqual(REFUSED);
  await removeStaffMember(world.as(world.providerAdmin), command);
  await expect.poll(() => answerTo(server, token)).toEqual(holdsAs('PROVIDER_SUPPORT'));
  expect([first, null]).not.toContain(await memberId());
});
