import { LRUCache } from 'lru-cache';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  enableNonRepudiationChecks,
  None,
} from 'openid-client';
import type { OutboundFetch } from '../outbound/outbound-fetch.ts';
import type { Secret } from '../secrets/secret.ts';
import { discoverIssuer, type IssuerMetadata } from './discover-issuer.ts';
import type { Claims } from './external-person.ts';
import type { SignInAttempt } from './sign-in-attempt.ts';

const DOCUMENT_KEPT_MS = 60_000;
const SILENCE_KEPT_MS = 5_000;
const MOST_ISSUERS = 1_000;

/** As whom Keyward is known to an issuer. */
export interface ClientOf {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: Secret | null;
  readonly redirectUri: string;
}

/** The browser's way through an issuer: authorization code with PKCE. Whatever is amiss throws. */
export class IssuerClient {
  readonly #outboundFetch: OutboundFetch;
  readonly #documents = new LRUCache<string, Promise<IssuerMetadata>>({ max: MOST_ISSUERS, ttl: DOCUMENT_KEPT_MS });

  constructor(outboundFetch: OutboundFetch) {
    this.#outboundFetch = outboundFetch;
  }

  /** Where to send the browser. */
  async authorizationUrl(client: ClientOf, attempt: SignInAttempt): Promise<URL> {
    return buildAuthorizationUrl(await this.#configurationOf(client), {
      redirect_uri: client.redirectUri,
      scope: 'openid email profile',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
    });
  }

  /**
   * The claims of the ID token that the code is worth: of this issuer, for this client and this attempt, signed with a key
   * that the issuer publishes.
   * @param search the query with which the browser came back
   */
  async claimsFor(client: ClientOf, attempt: SignInAttempt, search: string): Promise<Claims> {
    const cameBackTo = new URL(client.redirectUri);
    cameBackTo.search = search;
    const tokens = await authorizationCodeGrant(await this.#configurationOf(client), cameBackTo, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('no ID token');
    return claims;
  }

  /** A new one each time: it keeps the issuer's keys for itself, and those may have been rotated since. */
  async #configurationOf({ issuer, clientId, clientSecret }: ClientOf): Promise<Configuration> {
    const metadata = await this.#documentOf(issuer);
    const configuration = new Configuration(metadata, clientId, {}, authenticationOf(metadata, clientSecret));
    configuration[customFetch] = this.#outboundFetch;
    enableNonRepudiationChecks(configuration);
    if (issuer.startsWith('http:')) allowInsecureRequests(configuration); // `outboundFetch` knows which hosts may
    return configuration;
  }

  #documentOf(issuer: string): Promise<IssuerMetadata> {
    const known = this.#documents.get(issuer);
    if (known !== undefined) return known;
    const document = discoverIssuer(this.#outboundFetch, issuer);
    this.#documents.set(issuer, document);
    document.catch(() => this.#documents.set(issuer, document, { ttl: SILENCE_KEPT_MS }));
    return document;
  }
}

/** By HTTP Basic, which every issuer must take (RFC 6749, 2.3.1), unless it says that it does not. */
function authenticationOf(metadata: IssuerMetadata, clientSecret: Secret | null) {
  if (clientSecret === null) return None();
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const secret = clientSecret.expose();
  return methods.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret);
}
