import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import Provider, { type AdapterFactory, type Configuration } from 'oidc-provider';
import { Browser } from './browser.ts';
import { oidcMemory } from './oidc-memory.ts';

/** How it takes requests: as it should, not at all, without ever answering, or with nothing but errors. */
export type Mood = 'UP' | 'DOWN' | 'SILENT' | 'BROKEN';

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Its people by subject, with their claims. */
  readonly people: Map<string, Readonly<Record<string, unknown>>>;
  /** Every path that was asked for. */
  readonly asked: string[];
  mood: Mood;
  /** The key that it signs with. */
  key(): { readonly kid: string; readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
  /** Signs with a new key from now on. @param keepsOld still publishes the former ones */
  rotate(keepsOld: boolean): Promise<void>;
  /** An access token as it issues them itself, for somebody who signs in. */
  accessToken(subject: string, audience: string): Promise<string>;
  /** A token with its own signature over whatever a test wants it to say. */
  sign(claims: Readonly<Record<string, unknown>>, header?: Record<string, unknown>): Promise<string>;
}

export const KEYWARD_CLIENT = { clientId: 'keyward', clientSecret: 'idp-client-secret-Aq7x' };
export const PUBLIC_CLIENT = { clientId: 'keyward-public' };
const CLI = { clientId: 'cli', redirectUri: 'http://cli.test/callback' };

interface OwnKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function newKey(): Promise<OwnKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = randomUUID();
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' } };
}

/** A real OpenID provider on a port of this machine. @param redirectUri where its client `keyward` takes people back */
export async function startIdentityProvider(
  redirectUri = 'http://keyward.test/auth/sso/callback',
): Promise<IdentityProvider> {
  const people: IdentityProvider['people'] = new Map();
  const asked: string[] = [];
  const memory = oidcMemory();
  const keys = [await newKey()];
  let handle: RequestListener = (_, response) => response.end();
  const server = createServer((request, response) => {
    asked.push(new URL(String(request.url), 'http://idp').pathname);
    if (idp.mood === 'DOWN') request.socket.destroy();
    else if (idp.mood === 'BROKEN') response.writeHead(500).end('<html>');
    else if (idp.mood === 'UP') handle(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;

  const serve = () => {
    const jwks = { keys: keys.map(({ jwk }) => jwk) };
    const provider = new Provider(issuer, configuration({ people, redirectUri, jwks, memory }));
    const answer = provider.callback();
    handle = (request, response) => {
      const isInteraction = request.url?.startsWith('/interaction/') === true;
      const who = /who=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
      if (!isInteraction) void answer(request, response);
      else if (who === undefined) void provider.interactionFinished(request, response, { error: 'access_denied' });
      else void provider.interactionFinished(request, response, { login: { accountId: decodeURIComponent(who) } });
    };
  };
  const key = () => {
    const [newest] = keys;
    if (newest === undefined) throw new Error('no key');
    return newest;
  };
  const idp: IdentityProvider = {
    issuer,
    people,
    asked,
    mood: 'UP',
    key,
    rotate: async (keepsOld) => {
      const next = await newKey();
      if (!keepsOld) keys.length = 0;
      keys.unshift(next);
      serve();
    },
    accessToken: (subject, audience) => redeem(issuer, subject, audience),
    sign: async (claims, header = {}) => {
      const { kid, privateKey } = key();
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header }).sign(privateKey);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  serve();
  return idp;
}

function configuration(own: {
  readonly people: IdentityProvider['people'];
  readonly redirectUri: string;
  readonly jwks: { keys: JWK[] };
  readonly memory: AdapterFactory;
}): Configuration {
  const { people, redirectUri, jwks, memory } = own;
  const code = { grant_types: ['authorization_code'], response_types: ['code' as const] };
  const signed = { id_token_signed_response_alg: 'ES256' as const };
  return {
    adapter: memory,
    jwks,
    clients: [
      {
        client_id: KEYWARD_CLIENT.clientId,
        client_secret: KEYWARD_CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        ...code,
        ...signed,
      },
      {
        client_id: PUBLIC_CLIENT.clientId,
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        ...code,
        ...signed,
      },
      {
        client_id: CLI.clientId,
        token_endpoint_auth_method: 'none',
        redirect_uris: [CLI.redirectUri],
        ...code,
        ...signed,
      },
    ],
    cookies: { keys: ['not a secret'] },
    claims: { openid: ['sub', 'roles'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({
          scope: 'api',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ ...people.get(accountId), sub: accountId }) }),
    extraTokenClaims: (_, token) => ('accountId' in token ? people.get(String(token.accountId)) : undefined),
    loadExistingGrant: async ({ oidc }) => {
      const { client, session, provider } = oidc;
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope('openid email profile');
      for (const resource of Object.keys(oidc.resourceServers ?? {})) grant.addResourceScope(resource, 'api');
      await grant.save();
      return grant;
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 300, IdToken: 300, Interaction: 60, Session: 300 },
  };
}

/** What a program on the desk of somebody who signs in would do: the code flow, for a token of the API. */
async function redeem(issuer: string, subject: string, audience: string): Promise<string> {
  const browser = new Browser();
  browser.signsInAs(issuer, subject);
  const verifier = randomUUID() + randomUUID();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const ask = new URL('/auth', issuer);
  ask.search = new URLSearchParams({
    client_id: CLI.clientId,
    redirect_uri: CLI.redirectUri,
    response_type: 'code',
    scope: 'openid api',
    resource: audience,
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const cameBack = await browser.follow(ask.href, (url) => url.startsWith(CLI.redirectUri));
  const code = new URL(cameBack).searchParams.get('code');
  if (code === null) throw new Error(`no code: ${cameBack}`);
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLI.clientId,
      redirect_uri: CLI.redirectUri,
      resource: audience,
      code,
      code_verifier: verifier,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`no token: ${answer.status}`);
  return token;
}
