import type { ApiKeyKind } from '../api-key/api-key.ts';
import { type PresentedSession, presentedSession } from '../api-session/api-session-id.ts';
import { Secret } from '../secrets/secret.ts';
import { queryParameter, type RequestHeaders } from './forwarded-request.ts';

/** What a client shows at a gateway. */
export type ClientCredential =
  | { readonly by: 'KEY'; readonly organization: string; readonly key: Secret; readonly kind: ApiKeyKind }
  | { readonly by: 'TOKEN'; readonly token: string; readonly organization: string | null }
  /** Null: something in the place of a session, which is none. */
  | { readonly by: 'SESSION'; readonly session: PresentedSession | null };

const SANDBOX_PARAMETER = 'api_token';

/**
 * The first of these that is there counts, and nothing stands in for it when it is wrong: the key, an access token, the
 * sandbox token, a session.
 * @param uri what the client asked for; null when nobody says
 */
export function credentialIn(headers: RequestHeaders, uri: string | null): ClientCredential | null {
  const organization = utf8Of(headers['x-organization']);
  const key = textOf(headers['x-api-key']);
  if (key !== null) return { by: 'KEY', organization: organization ?? '', key: new Secret(key), kind: 'CLOUD_SERVICE' };
  const token = /^Bearer(?: +(.*?))? *$/i.exec(textOf(headers['authorization']) ?? '');
  if (token !== null) return { by: 'TOKEN', token: token[1] ?? '', organization };
  const sandboxToken = uri === null ? null : queryParameter(uri, SANDBOX_PARAMETER);
  if (sandboxToken !== null) {
    return { by: 'KEY', organization: organization ?? '', key: new Secret(sandboxToken), kind: 'SANDBOX_SUBMISSION' };
  }
  return showsSession(headers) ? { by: 'SESSION', session: presentedSession(headers) } : null;
}

function showsSession({ jsessionid, cookie }: RequestHeaders): boolean {
  return jsessionid !== undefined || /(^|;)\s*JSESSIONID=/.test(textOf(cookie) ?? '');
}

/** Names are not all ASCII, and Node reads the bytes of a header one by one. */
function utf8Of(header: string | readonly string[] | undefined): string | null {
  const text = textOf(header);
  return text === null ? null : Buffer.from(text, 'latin1').toString();
}

function textOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' ? header : (header?.join(', ') ?? null);
}
