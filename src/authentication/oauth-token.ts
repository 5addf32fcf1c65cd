import { z } from 'zod';
import { Secret } from '../secrets/secret.ts';

/** RFC 6749, section 5.2; `temporarily_unavailable` is of section 4.1.2.1, for whoever tries too often. */
export const oauthErrorCodes = [
  'invalid_request',
  'invalid_client',
  'invalid_scope',
  'unsupported_grant_type',
  'temporarily_unavailable',
] as const;
export type OauthErrorCode = (typeof oauthErrorCodes)[number];

/** Why no token was given. Its message goes to the client and quotes nothing of what the client sent. */
export class OauthError extends Error {
  override readonly name = 'OauthError';

  readonly code: OauthErrorCode;

  constructor(code: OauthErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a client asks for, in whichever of the two ways it shows its secret. */
export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Names of permissions; null: all that the account has. */
  readonly scope: readonly string[] | null;
}

/** A parameter without a value counts as left out; none may come twice (section 3.2). */
const parameter = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional();
const parameters = z.object({
  grant_type: parameter,
  scope: parameter,
  client_id: parameter,
  client_secret: parameter,
});
type Parameters = z.infer<typeof parameters>;

/**
 * @param authorization the header of that name
 * @param form the parsed body
 * @throws OauthError
 */
export function parseTokenRequest(authorization: string | undefined, form: unknown): TokenRequest {
  const parsed = parameters.safeParse(form);
  if (!parsed.success) {
    throw new OauthError(
      'invalid_request',
      'Send the parameters as application/x-www-form-urlencoded, each of them once.',
    );
  }
  const { grant_type: grantType, scope } = parsed.data;
  if (grantType === undefined) throw new OauthError('invalid_request', 'grant_type is missing.');
  if (grantType !== 'client_credentials') {
    throw new OauthError('unsupported_grant_type', 'The only grant_type here is client_credentials.');
  }
  const client = authorization === undefined ? clientOfForm(parsed.data) : clientOfHeader(authorization, parsed.data);
  return { ...client, scope: scope === undefined ? null : scope.split(' ').filter((name) => name !== '') };
}

type Client = Pick<TokenRequest, 'clientId' | 'clientSecret'>;

function clientOfForm({ client_id: clientId, client_secret: clientSecret }: Parameters): Client {
  if (clientId === undefined || clientSecret === undefined) {
    throw new OauthError(
      'invalid_client',
      'Send the client id and secret by HTTP Basic, or as client_id and client_secret.',
    );
  }
  return { clientId, clientSecret: new Secret(clientSecret) };
}

/** `client_secret_basic`: both are form-encoded before they are put together (section 2.3.1). */
function clientOfHeader(authorization: string, form: Parameters): Client {
  const encoded = /^Basic +([\w+/-]+=*) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) throw new OauthError('invalid_client', 'The Authorization header is not HTTP Basic.');
  const [clientId, clientSecret, ...more] = Buffer.from(encoded, 'base64').toString().split(':').map(formDecoded);
  if (clientId == null || clientSecret == null || more.length > 0) {
    throw new OauthError('invalid_client', 'Put the form-encoded client id and secret into HTTP Basic.');
  }
  if (form.client_secret !== undefined || (form.client_id !== undefined && form.client_id !== clientId)) {
    throw new OauthError('invalid_request', 'Show the secret in one way only: by HTTP Basic or in the body.');
  }
  return { clientId, clientSecret: new Secret(clientSecret) };
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
