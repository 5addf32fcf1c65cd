import { describe, expect } from 'vitest';
import { obfuscateAsClientsDo } from '../../support/field-client.ts';
import { commandInput, commands, readSlot } from '../../support/key-world.ts';
import { anyAddress, test } from '../../support/sign-in-from.ts';

// Two clients, each as its kind in the field goes about it: nothing of this server is known to them but its base URL.

interface Account {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly username: string;
  readonly password: string;
}
interface Details {
  readonly authType: string;
  readonly passwordExpiryTime: number;
}

function sessionIdOf(response: Response): string {
  const [first] = response.headers.getSetCookie();
  if (first === undefined) throw new Error('no Set-Cookie header received');
  const id = /JSESSIONID=(.*?);/.exec(first)?.[1];
  if (id === undefined) throw new Error("couldn't find JSESSIONID in header value");
  return id;
}

const from = () => ({ 'x-forwarded-for': anyAddress() });

/** Sends the time as a number, and its session as a cookie; believes a session to last until it is told otherwise. */
class NumberClient {
  readonly #account: Account;
  #id: string | null = null;

  constructor(account: Account) {
    this.#account = account;
  }

  async authenticate(): Promise<Details> {
    const { baseUrl, apiKey, username, password } = this.#account;
    const timestamp = Date.now();
    const payload = { apiKey: obfuscateAsClientsDo(apiKey, timestamp), username, password, timestamp };
    const response = await fetch(`${baseUrl}/api/v1/authenticatedSession`, {
      method: 'POST',
      headers: { ...this.#headers(), ...from() },
      body: JSON.stringify(payload),
    });
    if (response.status === 429) throw new Error(`wait ${Number(response.headers.get('retry-after'))} s`);
    if (!response.ok) throw new Error(((await response.json()) as { code: string }).code);
    this.#id = sessionIdOf(response);
    return (await response.json()) as Details;
  }

  async status(): Promise<number> {
    const headers = { ...this.#headers(), Cookie: `JSESSIONID=${this.#id}` };
    return (await fetch(`${this.#account.baseUrl}/api/v1/authenticatedSession`, { headers })).status;
  }

  async deauthenticate(): Promise<boolean> {
    const headers = { ...this.#headers(), Cookie: `JSESSIONID=${this.#id}` };
    const url = `${this.#account.baseUrl}/api/v1/authenticatedSession`;
    const { status } = await fetch(url, { method: 'DELETE', headers });
    return status === 204;
  }

  #headers() {
    return { 'Content-Type': 'application/json', Accept: 'application/json', 'User-Agent': 'number-client/1.0' };
  }
}

/**
 * Sends the time as text, and its session as a cookie and as a header; asks before every request whether its session lives,
 * logs in again when it is told that it does not, and logs out without the prefix.
 */
class TextClient {
  readonly #account: Account;
  #id = '';
  logins = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  /** What it would do before each request of its own. */
  async checkSession(): Promise<void> {
    const { baseUrl } = this.#account;
    const response = await fetch(`${baseUrl}/api/v1/authenticatedSession`, { headers: this.#headers() });
    const body = await response.text();
    if (response.status === 401 || body.includes('SESSION_NOT_VALID')) await this.#refresh();
    else if (!response.ok) throw new Error(`status ${response.status}`);
  }

  async logOut(): Promise<number> {
    const url = `${this.#account.baseUrl}/authenticatedSession`;
    return (await fetch(url, { method: 'DELETE', headers: this.#headers() })).status;
  }

  async #refresh(): Promise<void> {
    const { baseUrl, apiKey, username, password } = this.#account;
    const timestamp = String(Date.now());
    const body = JSON.stringify({ username, password, apiKey: obfuscateAsClientsDo(apiKey, timestamp), timestamp });
    const headers = { 'Content-Type': 'application/json', ...from() };
    const response = await fetch(`${baseUrl}/api/v1/authenticatedSession`, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${text}`);
    const { passwordExpiryTime } = JSON.parse(text) as Details;
    if (passwordExpiryTime !== -1) throw new Error('the session would have to be refreshed before its end');
    this.#id = sessionIdOf(response);
    this.logins += 1;
  }

  #headers() {
    return { 'Content-Type': 'application/json', JSessionID: this.#id, Cookie: `JSESSIONID=${this.#id}` };
  }
}

describe("the field's clients, with another base URL", () => {
  const accountOf = test.extend('account', async ({ server, world }): Promise<Account> => {
    const { username, password } = world.people.orgAdmin;
    const { keyString } = await readSlot(world);
    return { baseUrl: server.url, apiKey: keyString ?? '', username, password };
  });

  accountOf('log in, ask and log out, with a number for the time', async ({ account, world }) => {
    const client = new NumberClient(account);
    expect(await client.authenticate()).toMatchObject({ authType: 'ADMIN_LOGIN', passwordExpiryTime: -1 });
    expect(await client.status()).toBe(200);
    expect(await client.deauthenticate()).toBe(true);
    expect(await client.status()).toBe(401);
    await commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
    await expect(client.authenticate()).rejects.toThrow('AUTHENTICATION_FAILED');
  });

  accountOf(
    'log in again by themselves when their session has ended, with text for the time',
    async ({ account, world }) => {
      const client = new TextClient(account);
      for (let request = 0; request < 3; request++) await client.checkSession();
      expect(client.logins).toBe(1);
      const { keyward, organization } = world;
      await keyward.database.query('delete from api_session where organization_id = $1', [organization.organizationId]);
      await client.checkSession();
      expect(client.logins).toBe(2);
      expect(await client.logOut()).toBe(204);
      await client.checkSession();
      expect(client.logins).toBe(3);
    },
  );
});
