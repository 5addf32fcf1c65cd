import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Services } from '../context.ts';
import { RateLimitedError } from '../errors.ts';
import type { Permission } from '../identity/permissions.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, signAccessToken } from './access-token.ts';
import { grantToken } from './oauth-token.service.ts';
import { parseTokenRequest } from './oauth-token.ts';

/** A token is asked for anew well before it ends. */
const KEPT_MS = (ACCESS_TOKEN_LIFETIME_SECONDS - 120) * 1000;
/** Whoever sends a wrong secret with every request is not looked up with every request. */
const REFUSAL_KEPT_MS = 1_000;
/** Who comes later than that tries anew: an answer may never come. */
const PENDING_KEPT_MS = 2_000;
const MOST_CLIENTS = 1_000;

export interface ClientAttempt {
  /** `Basic …`, as RFC 6749 has it for clients. */
  readonly authorization: string;
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
}

/**
 * Access tokens for service accounts that show their id and secret with every request, because they cannot ask for a token
 * every quarter of an hour: a proxy has what it sends in its configuration. They prove no more than a token that the
 * account asked for itself, and end with the secret as that does.
 */
export class ClientTokens {
  readonly #services: Services;
  readonly #permission: Permission;
  readonly #tokens = new LRUCache<string, Promise<string>>({ max: MOST_CLIENTS, ttl: KEPT_MS });

  /** @param permission the one that the tokens carry */
  constructor(services: Services, permission: Permission) {
    this.#services = services;
    this.#permission = permission;
  }

  /**
   * @throws OauthError `invalid_client`, `invalid_scope`
   * @throws RateLimitedError after too many failures
   */
  tokenFor(attempt: ClientAttempt): Promise<string> {
    const name = nameOf(attempt);
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    const token = this.#grant(attempt);
    this.#tokens.set(name, token, { ttl: PENDING_KEPT_MS });
    token.then(
      () => this.#tokens.set(name, token),
      (error: unknown) => {
        // A lockout is of an address, and others share this token.
        if (error instanceof RateLimitedError) this.#tokens.delete(name);
        else this.#tokens.set(name, token, { ttl: REFUSAL_KEPT_MS });
      },
    );
    return token;
  }

  async #grant({ authorization, now, requestId, ipAddress }: ClientAttempt): Promise<string> {
    const form = { grant_type: 'client_credentials', scope: this.#permission };
    const asked = parseTokenRequest(authorization, form);
    const claims = await grantToken(this.#services, { ...asked, now, requestId, ipAddress, isLockedOutWithAll: false });
    return signAccessToken(this.#services.signingKeys, claims, now);
  }
}

/** No secret is kept in memory longer than its request. */
function nameOf({ authorization }: ClientAttempt): string {
  return createHash('sha256').update(authorization).digest('base64');
}
