import { KeywardError } from './keyward-error.ts';
import { discard, sendPatiently, type Terms } from './send.ts';

export interface KeySourceOptions {
  readonly keywardUrl: string;
  /** Its id or its external id. */
  readonly organization: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly terms: Terms;
}

/** A key string as Keyward gave it out. The same one is the same object. */
export interface FetchedKey {
  readonly apiKey: string;
  readonly version: number;
}

interface Token {
  readonly value: string;
  readonly expiresAtMs: number;
}

const REVEAL = 'apiKey:reveal';
/** A token is asked for anew well before it ends. */
const TOKEN_MARGIN_MS = 60_000;

/** Fetches the organization's key as its service account. */
export class KeySource {
  readonly #options: KeySourceOptions;
  #last: Promise<unknown> = Promise.resolve();
  #token: Token | null = null;
  #known: { readonly etag: string | null; readonly key: FetchedKey } | null = null;

  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  /**
   * The key as it is now. Nothing is revealed, and nothing written down, while it is the one that was fetched before. One
   * request at a time: whoever comes meanwhile asks once more, and is told that there is nothing new.
   * @throws KeywardError
   */
  current(): Promise<FetchedKey> {
    const asked = this.#last.then(() => this.#fetch());
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #fetch(): Promise<FetchedKey> {
    let response = await this.#ask();
    if (response.status === 401) {
      await discard(response);
      this.#token = null;
      response = await this.#ask();
    }
    if (response.status === 304 && this.#known !== null) return this.#known.key;
    if (response.status !== 200) throw await refusalOfKey(response);
    const { apiKey, version } = (await response.json()) as FetchedKey;
    const before = this.#known?.key;
    const key = before?.apiKey === apiKey ? before : { apiKey, version };
    this.#known = { etag: response.headers.get('etag'), key };
    return key;
  }

  #ask(): Promise<Response> {
    const { keywardUrl, organization, terms } = this.#options;
    const url = `${keywardUrl}/v1/keys/current?${new URLSearchParams({ organization })}`;
    return sendPatiently(async () => {
      const headers = new Headers({ authorization: `Bearer ${await this.#accessToken()}` });
      const etag = this.#known?.etag;
      if (etag != null) headers.set('if-none-match', etag);
      return { url, init: { headers } };
    }, terms);
  }

  async #accessToken(): Promise<string> {
    if (this.#token !== null && this.#token.expiresAtMs > Date.now()) return this.#token.value;
    const { keywardUrl, clientId, clientSecret, terms } = this.#options;
    const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':');
    const response = await sendPatiently(
      () => ({
        url: `${keywardUrl}/oauth/token`,
        init: {
          method: 'POST',
          headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
          body: new URLSearchParams({ grant_type: 'client_credentials', scope: REVEAL }),
        },
      }),
      terms,
    );
    if (response.status !== 200) throw await refusalOfAccount(response);
    const { access_token: value, expires_in: seconds } = (await response.json()) as {
      access_token: string;
      expires_in: number;
    };
    this.#token = { value, expiresAtMs: Date.now() + seconds * 1000 - TOKEN_MARGIN_MS };
    return value;
  }
}

async function refusalOfAccount(response: Response): Promise<KeywardError> {
  const { status } = response;
  await discard(response);
  if (status === 400 || status === 401) {
    const message = `Keyward refuses the service account. Check its id, its secret, and that it holds ${REVEAL}.`;
    return new KeywardError('SERVICE_ACCOUNT_REFUSED', message, status);
  }
  return unexpected(status);
}

async function refusalOfKey(response: Response): Promise<KeywardError> {
  const { status } = response;
  const code = await codeIn(response);
  if (status === 401 || status === 403) {
    return new KeywardError('SERVICE_ACCOUNT_REFUSED', `The service account may not have the key: ${REVEAL}.`, status);
  }
  if (status === 404 && code === 'KEY_NOT_FOUND') {
    return new KeywardError('KEY_NOT_FOUND', 'The organization has no key. Have one added.', status);
  }
  if (status === 404 && code === 'NOT_FOUND') {
    const message = 'The service account sees no such organization. Check the id.';
    return new KeywardError('ORGANIZATION_NOT_FOUND', message, status);
  }
  return unexpected(status);
}

/** The code of a refusal, in whatever form it came; null without one. */
export async function codeIn(response: Response): Promise<string | null> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('code' in body)) return null;
  return typeof body.code === 'string' ? body.code : null;
}

/** An answer that says nothing about what was asked. */
export function unexpected(status: number): KeywardError {
  if (status === 429)
    return new KeywardError('RATE_LIMITED', 'Keyward was asked too often. Wait, then ask less.', status);
  return new KeywardError('UNAVAILABLE', `Keyward answered ${status}. Check its address, then try again.`, status);
}
