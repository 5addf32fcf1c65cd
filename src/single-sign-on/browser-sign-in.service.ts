import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { recordAudit } from '../audit/record-audit.ts';
import { type AccessTokenClaims, BROWSER_SESSION_LIFETIME_SECONDS } from '../authentication/access-token.ts';
import { beginSession } from '../authentication/begin-session.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE, type TenantRow } from '../database/scope.ts';
import { type Actor, homeOf, PLATFORM_HOME, SYSTEM_ACTOR } from '../identity/actor.ts';
import type { TrustedIssuerRef } from '../ids.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { admitPerson, refOf, scopeOfPeople } from './admit-person.ts';
import { AnsweredAttempts } from './answered-attempts.ts';
import { type ExternalPerson, personOf } from './external-person.ts';
import { type ClientOf, IssuerClient } from './issuer-client.ts';
import { openAttempt, sealAttempt } from './seal-attempt.ts';
import { ATTEMPT_LIFETIME_SECONDS } from './sign-in-attempt.ts';
import { redirectUriOf } from './sign-in-url.ts';
import { findTrustedIssuer } from './trusted-issuer.repository.ts';
import { secretContext, type TrustedIssuer } from './trusted-issuer.ts';

export interface BrowserRequest {
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
}

/** Stands for what leads to no issuer at all. */
const NOWHERE = 'nowhere';

/**
 * Signing in by browser at a trusted issuer. Every way in which it may fail comes to the same null, and to an audit row in
 * the trail of whose issuer it is.
 */
export class BrowserSignIn {
  readonly #services: Services;
  readonly #client: IssuerClient;
  readonly #answered: AnsweredAttempts;

  constructor(services: Services) {
    this.#services = services;
    this.#client = new IssuerClient(services.outboundFetch);
    this.#answered = new AnsweredAttempts(services.database);
  }

  /**
   * Where to send the browser, and what it is to keep meanwhile.
   * @param ref null: an id that names nothing
   */
  async start(ref: TrustedIssuerRef | null, request: BrowserRequest): Promise<{ url: URL; sealed: string } | null> {
    const issuer = ref === null ? null : await this.#find(ref);
    return this.#orRefuse(issuer, issuer?.id ?? NOWHERE, request, async () => {
      const client = issuer === null ? null : await this.#clientOf(issuer);
      if (issuer === null || client === null) return null;
      const attempt = {
        ...refOf(issuer),
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
        expiresAt: new Date(request.now.getTime() + ATTEMPT_LIFETIME_SECONDS * 1000),
      };
      const url = await this.#client.authorizationUrl(client, attempt);
      return { url, sealed: await sealAttempt(this.#services, attempt) };
    });
  }

  /**
   * The session of whoever came back.
   * @param sealed what the browser kept; undefined when it kept nothing
   * @param search the query with which it came back
   */
  async finish(sealed: string | undefined, search: string, request: BrowserRequest): Promise<AccessTokenClaims | null> {
    const attempt = sealed === undefined ? null : await openAttempt(this.#services, sealed, request.now);
    const issuer = attempt === null ? null : await this.#find(attempt);
    return this.#orRefuse(issuer, attempt?.state ?? NOWHERE, request, async () => {
      const client = issuer === null ? null : await this.#clientOf(issuer);
      if (attempt === null || issuer === null || client === null) return null;
      if (!(await this.#answered.isFirst(attempt.state))) return null;
      const person = personOf(await this.#client.claimsFor(client, attempt, search), issuer);
      return person === null ? null : this.#letIn(issuer, person, request);
    });
  }

  /** Enabled or not. */
  #find(ref: TrustedIssuerRef): Promise<TrustedIssuer | null> {
    const scope = { level: 'SIGN_IN', rootProviderId: ref.rootProviderId, signInId: ref.trustedIssuerId } as const;
    return this.#services.database.read(scope, (tx) => findTrustedIssuer(tx, ref));
  }

  /** Null when nobody signs in by browser there. */
  async #clientOf(issuer: TrustedIssuer): Promise<ClientOf | null> {
    const { database, keyRing, publicUrl } = this.#services;
    const { rootProviderId, clientId, clientSecret: sealed } = issuer;
    if (issuer.disabledAt !== null || clientId === null) return null;
    const redirectUri = redirectUriOf(publicUrl);
    if (sealed === null) return { issuer: issuer.issuer, clientId, clientSecret: null, redirectUri };
    const keys = await database.withTransaction(scopeOfPeople(issuer), (tx) =>
      keyRing.of(tx, rootProviderId, sealed.dataKeyVersion),
    );
    return { issuer: issuer.issuer, clientId, clientSecret: keys.open(sealed, secretContext(issuer.id)), redirectUri };
  }

  #letIn(issuer: TrustedIssuer, person: ExternalPerson, request: BrowserRequest): Promise<AccessTokenClaims | null> {
    const system: RequestContext = { ...this.#services, actor: SYSTEM_ACTOR, ...request };
    return this.#services.database.withTransaction(scopeOfPeople(issuer), async (tx) => {
      const member = await admitPerson(tx, system, issuer, person);
      if (member === null) return null;
      await recordLogin(tx, { ...system, actor: actorOf(member) }, homeOf(member), 'OK');
      return beginSession(tx, member, request.now, BROWSER_SESSION_LIFETIME_SECONDS);
    });
  }

  /** @param name of what was tried: the same that fails again and again is not written down without end */
  async #orRefuse<Result>(
    issuer: TrustedIssuer | null,
    name: string,
    request: BrowserRequest,
    work: () => Promise<Result | null>,
  ): Promise<Result | null> {
    try {
      const result = await work();
      if (result !== null) return result;
    } catch (error) {
      this.#services.log.info({ err: error, requestId: request.requestId }, 'a sign-in at a trusted issuer failed');
    }
    const names = { login: `single-sign-on:${name}`, address: request.ipAddress };
    if (!(await this.#services.signInLimit.isWorthRecording(names))) return null;
    const ctx: RequestContext = { ...this.#services, actor: unknownPerson, ...request };
    await this.#services.database.withTransaction(issuer === null ? PLATFORM_SCOPE : scopeOfPeople(issuer), (tx) =>
      recordLogin(tx, ctx, issuer === null ? PLATFORM_HOME : homeOf(issuer), 'AUTHENTICATION_FAILED'),
    );
    return null;
  }
}

function recordLogin(tx: Tx, ctx: RequestContext, subject: TenantRow, result: string): Promise<void> {
  const target = ctx.actor.id;
  return recordAudit(tx, ctx, { action: 'auth.login', subject, target, result, before: null, after: null, note: null });
}

/** Somebody of whom nothing is proved. */
const unknownPerson: Actor = { ...SYSTEM_ACTOR, displayName: 'Unknown', authority: 'ORGANIZATION' };
