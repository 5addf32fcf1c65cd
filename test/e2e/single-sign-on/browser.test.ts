import { describe, expect } from 'vitest';
import { PLATFORM_ROOT_ID } from '../../../src/ids.ts';
import { createLog } from '../../../src/log.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { startServer } from '../../../src/server.ts';
import type { Browser } from '../../support/browser.ts';
import {
  browserOf,
  CALLBACK,
  CONFIDENTIAL,
  comeBack,
  leave,
  newBrowser,
  PUBLIC_URL,
  viewerOf,
} from '../../support/browser-sign-in.ts';
import { KEYWARD_CLIENT, PUBLIC_CLIENT } from '../../support/identity-provider.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { auditOf, readRows } from '../../support/rows.ts';
import { newPerson, test, trust } from '../../support/single-sign-on-world.ts';

const FAILED = [303, '/?sign-in=failed', undefined];

function failureOf(world: KeyWorld) {
  const { rootProviderId } = world.tenants.reseller;
  const nobody = { actor_id: null, actor_name: 'Unknown', target: null, before: null, after: null };
  return { action: 'auth.login', result: 'AUTHENTICATION_FAILED', root_provider_id: rootProviderId, ...nobody };
}

describe('signing in by browser', () => {
  test.for([
    ['with a secret', CONFIDENTIAL],
    ['of a public client', PUBLIC_CLIENT],
  ] as const)('%s begins a session, and makes a member the first time', async ([, client], { idp, server, world }) => {
    const issuer = await trust(world, idp, client);
    const subject = newPerson(idp);
    const browser = browserOf(server, idp, subject);
    const audit = await auditOf(server.database, async () => {
      const [status, location] = await comeBack(browser, await leave(browser, issuer));
      expect([status, location]).toEqual([303, '/']);
    });
    expect(await viewerOf(server, browser)).toEqual({ role: 'PROVIDER_SUPPORT', displayName: `Person ${subject}` });
    expect(audit).toMatchObject([
      { action: 'staff_member.create', actor_name: 'System', ip_address: expect.stringMatching(/^10\./) },
      {
        action: 'auth.login',
        result: 'OK',
        actor_name: `Person ${subject}`,
        ip_address: expect.stringMatching(/^10\./),
      },
    ]);
    const [member] = await server.database.query<{ last_login_at: Date | null }>(
      'select last_login_at from staff_member where external_subject = $1',
      [subject],
    );
    expect(member?.last_login_at).toBeInstanceOf(Date);
    expect(browser.cookie(PUBLIC_URL, 'keyward_sign_in')).toBeUndefined();
  });

  test('keeps what is under way in a sealed cookie that scripts and other paths do not see', async ({
    idp,
    server,
    world,
  }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const answer = await fetch(`${server.url}/auth/sso/${issuer.globalId}`, { redirect: 'manual' });
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^keyward_sign_in=\d+\.[\w-]+; Max-Age=600; Path=\/auth\/sso; HttpOnly; SameSite=Lax$/);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([303, 'no-store']);
    const ask = new URL(answer.headers.get('location') ?? '');
    const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(ask.searchParams);
    expect(rest).toEqual({
      client_id: KEYWARD_CLIENT.clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
    });
    for (const value of [state, nonce, challenge]) expect(value).toMatch(/^[\w-]{43}$/);
    expect(decodeURIComponent(cookie ?? '')).not.toContain(state);
  });

  test('works right after the issuer has rotated its keys', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    for (let round = 0; round < 2; round++) {
      const browser = browserOf(server, idp, newPerson(idp));
      expect((await comeBack(browser, await leave(browser, issuer)))[1]).toBe('/');
      await idp.rotate(false);
    }
  });
});

describe('a sign-in fails, and leaves one audit row in the trail of the provider', () => {
  test('with another state, without the cookie, with another or a changed one', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const cookieOf = (browser: Browser) => browser.cookie(PUBLIC_URL, 'keyward_sign_in') ?? '';
    const changes: Record<string, (browser: Browser, url: URL) => Promise<void> | void> = {
      'another state': (_, url) => url.searchParams.set('state', 'x'.repeat(43)),
      'no state': (_, url) => url.searchParams.delete('state'),
      'no code': (_, url) => url.searchParams.delete('code'),
      'another code': (_, url) => url.searchParams.set('code', 'x'.repeat(43)),
      'another issuer': (_, url) => url.searchParams.set('iss', 'https://other.example'),
      'two states': (_, url) => url.searchParams.append('state', 'x'),
      'no cookie': (browser) => browser.setCookie(PUBLIC_URL, 'keyward_sign_in', null),
      'a cookie of another attempt': async (browser) => {
        const other = browserOf(server, idp, newPerson(idp));
        await leave(other, issuer);
        browser.setCookie(PUBLIC_URL, 'keyward_sign_in', cookieOf(other));
      },
      'a changed cookie': (browser) => {
        const cookie = cookieOf(browser);
        browser.setCookie(
          PUBLIC_URL,
          'keyward_sign_in',
          cookie.slice(0, -3) + (cookie.endsWith('AAA') ? 'BBB' : 'AAA'),
        );
      },
      'a cookie of another key': (browser) =>
        browser.setCookie(PUBLIC_URL, 'keyward_sign_in', cookieOf(browser).replace(/^\d+/, '999')),
      'a cookie that is none': (browser) => browser.setCookie(PUBLIC_URL, 'keyward_sign_in', '1.%00'),
    };
    for (const [name, change] of Object.entries(changes)) {
      const browser = browserOf(server, idp, newPerson(idp));
      const url = new URL(await leave(browser, issuer));
      await change(browser, url);
      const audit = await auditOf(server.database, async () => {
        expect([name, ...(await comeBack(browser, url.href))]).toEqual([name, ...FAILED]);
      });
      expect(audit.map(({ action, result }) => [action, result])).toEqual([['auth.login', 'AUTHENTICATION_FAILED']]);
    }
    const people = await server.database.query('select from staff_member where trusted_issuer_id = $1', [
      issuer.trustedIssuerId,
    ]);
    expect(people).toEqual([]);
  });

  test('when it is played again', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const browser = browserOf(server, idp, newPerson(idp));
    const url = await leave(browser, issuer);
    const sealed = browser.cookie(PUBLIC_URL, 'keyward_sign_in') ?? '';
    expect((await comeBack(browser, url))[1]).toBe('/');
    const asked = idp.asked.length;
    const other = await startServer(server.config, createLog('silent'));
    for (const at of [server.url, `http://127.0.0.1:${other.port}`]) {
      const thief = newBrowser(at);
      thief.setCookie(PUBLIC_URL, 'keyward_sign_in', sealed);
      expect(await comeBack(thief, url)).toEqual(FAILED);
    }
    await other.stop();
    expect(idp.asked).toHaveLength(asked);
    const fresh = browserOf(server, idp, newPerson(idp));
    const another = new URL(await leave(fresh, issuer));
    another.searchParams.set('code', new URL(url).searchParams.get('code') ?? '');
    expect(await comeBack(fresh, another.href)).toEqual(FAILED);
  });

  test('of somebody who may not come in', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, { ...CONFIDENTIAL, domains: ['corp.example'] });
    const people = [newPerson(idp, { roles: [] }), newPerson(idp, { email: 'eve@evil.example' })];
    for (const subject of people) {
      const browser = browserOf(server, idp, subject);
      const url = await leave(browser, issuer);
      const audit = await auditOf(server.database, async () => {
        expect(await comeBack(browser, url)).toEqual(FAILED);
      });
      expect(audit).toMatchObject([failureOf(world)]);
      expect(audit[0]?.provider_path.at(-1)).toBe(world.tenants.reseller.serviceProviderId);
    }
  });

  test('of a deactivated member', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const subject = newPerson(idp);
    const browser = browserOf(server, idp, subject);
    await comeBack(browser, await leave(browser, issuer));
    await server.database.query('update staff_member set deactivated_at = now() where external_subject = $1', [
      subject,
    ]);
    const again = browserOf(server, idp, subject);
    const url = await leave(again, issuer);
    const audit = await auditOf(server.database, async () => {
      expect(await comeBack(again, url)).toEqual(FAILED);
    });
    expect(audit).toMatchObject([failureOf(world)]);
    await expect.poll(() => viewerOf(server, browser), { timeout: 1000 }).toBe('UNAUTHENTICATED');
  });

  test('of somebody who gives up at the issuer', async ({ idp, server, world }) => {
    const issuer = await trust(world, idp, CONFIDENTIAL);
    const browser = newBrowser(server.url);
    const url = await leave(browser, issuer);
    expect(new URL(url).searchParams.get('error')).toBe('access_denied');
    expect(await comeBack(browser, url)).toEqual(FAILED);
  });

  test('when the wrong secret was given, or the issuer is down', async ({ idp, server, world }) => {
    const wrong = { ...CONFIDENTIAL, clientSecret: new Secret('another-secret-9z') };
    const issuer = await trust(world, idp, wrong);
    const browser = browserOf(server, idp, newPerson(idp));
    expect(await comeBack(browser, await leave(browser, issuer))).toEqual(FAILED);
    const late = browserOf(server, idp, newPerson(idp));
    const url = await leave(late, issuer);
    idp.mood = 'DOWN';
    expect(await comeBack(late, url)).toEqual(FAILED);
    idp.mood = 'UP';
    const kept = JSON.stringify(await readRows(server.database, [])) + server.logLines.join('');
    for (const secret of [KEYWARD_CLIENT.clientSecret, 'another-secret-9z']) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});

describe('where there is nothing to sign in at', () => {
  test('everything answers as a failed sign-in does', async ({ idp, server, world }) => {
    const tokensOnly = await trust(world, idp);
    const disabled = await trust(world, idp, CONFIDENTIAL);
    await server.database.query('update trusted_issuer set disabled_at = now() where id = $1', [
      disabled.trustedIssuerId,
    ]);
    const gone = await trust(world, idp, CONFIDENTIAL);
    await server.database.query('delete from trusted_issuer where id = $1', [gone.trustedIssuerId]);
    const answers = new Set<string>();
    for (const id of [
      tokensOnly.globalId,
      disabled.globalId,
      gone.globalId,
      'nothing',
      world.orgAdmin.id ?? '',
      '%00',
    ]) {
      const answer = await fetch(`${server.url}/auth/sso/${id}`, { redirect: 'manual' });
      const names = [...answer.headers.keys()].filter((name) => name !== 'set-cookie').sort();
      answers.add(
        JSON.stringify([answer.status, answer.headers.get('location'), answer.headers.getSetCookie(), names]),
      );
    }
    expect([...answers].map((answer) => JSON.parse(answer).slice(0, 3))).toEqual([[303, '/?sign-in=failed', []]]);
  });

  test('the same is written down once a minute, not without end', async ({ server }) => {
    const browser = newBrowser(server.url);
    const audit = await auditOf(server.database, async () => {
      for (let index = 0; index < 10; index++) await browser.request(`${CALLBACK}?code=x&state=x`);
    });
    const { action, result, root_provider_id: root } = audit[0] ?? {};
    expect([audit.length, action, result, root]).toEqual([1, 'auth.login', 'AUTHENTICATION_FAILED', PLATFORM_ROOT_ID]);
  });
});
