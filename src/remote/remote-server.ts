import type { Secret } from '../secrets/secret.ts';
import { SetupError } from '../setup-error.ts';

/** A running server, and who asks it. */
export interface RemoteConfig {
  readonly url: string;
  readonly credentials:
    | { readonly kind: 'TOKEN'; readonly token: Secret }
    | { readonly kind: 'CLIENT'; readonly clientId: string; readonly clientSecret: Secret };
}

/** Sends requests as somebody. @throws SetupError when the server cannot be reached or refuses, in its own words */
export type Ask = (path: string, request?: { readonly form?: FormData }) => Promise<Response>;

export function connectTo(config: RemoteConfig): Ask {
  let token: string | null = null;
  return async (path, { form } = {}) => {
    const body = form === undefined ? {} : { method: 'POST', body: form };
    const send = async () => {
      token ??= await tokenOf(config);
      return reach(config, path, { ...body, headers: { authorization: `Bearer ${token}` } });
    };
    let response = await send();
    if (response.status === 401 && config.credentials.kind === 'CLIENT') {
      token = null; // it has run out
      response = await send();
    }
    if (!response.ok) throw new SetupError(await refusalOf(response));
    return response;
  };
}

async function tokenOf(config: RemoteConfig): Promise<string> {
  const { credentials } = config;
  if (credentials.kind === 'TOKEN') return credentials.token.expose();
  const basic = Buffer.from(`${credentials.clientId}:${credentials.clientSecret.expose()}`).toString('base64');
  const response = await reach(config, '/oauth/token', {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const answer: unknown = await response.json().catch(() => null);
  const token = Object(answer).access_token;
  if (response.ok && typeof token === 'string') return token;
  throw new SetupError('The server does not take KEYWARD_CLIENT_ID with KEYWARD_CLIENT_SECRET.');
}

async function reach({ url }: RemoteConfig, path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, request);
  } catch (cause) {
    throw new SetupError(`There is no answer from ${url}. Is the server running, and KEYWARD_URL its address?`, {
      cause,
    });
  }
}

async function refusalOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => null);
  const { code, message } = Object(answer);
  if (typeof code === 'string' && typeof message === 'string') return `${code}: ${message}`;
  return `The server answers with status ${response.status}.`;
}
