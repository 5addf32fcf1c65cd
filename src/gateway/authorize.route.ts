import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ClientTokens } from '../authentication/client-tokens.service.ts';
import { OauthError } from '../authentication/oauth-token.ts';
import { createVerifyServerToken, type VerifyServerToken } from '../authorization-server/verify-access-token.ts';
import type { Services } from '../context.ts';
import { DomainError, httpStatusOf, RateLimitedError } from '../errors.ts';
import { decodeOrganizationId, encodeGlobalId } from '../graphql/global-id.ts';
import type { Trusts } from '../http/trusted-peers.ts';
import type { Call, Decision, Presented } from './call.ts';
import { type ClientCredential, credentialIn } from './client-credential.ts';
import { type DenialCode, denials } from './denial.ts';
import { createFindServer } from './find-server.service.ts';
import { type ForwardedRequest, forwardedIn, NOTHING_FORWARDED } from './forwarded-request.ts';
import type { Gateway } from './gateway.service.ts';
import { withinTime } from './within-time.ts';

const PATH = '/v1/authorize';
const anyMethod = {
  method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  exposeHeadRoute: false,
};
const GATEWAY_HEADER = 'x-keyward-gateway';

/** Thrown to deny a call that no decision is made about. */
class DenialError extends Error {
  override readonly name = 'DenialError';

  readonly code: DenialCode;

  constructor(code: DenialCode) {
    super(denials[code].message);
    this.code = code;
  }
}

/**
 * `/v1/authorize`: whether a call may pass, as nginx (`auth_request`) and Traefik (`forwardAuth`) ask, with 204 for yes.
 * `/v1/authorize/…`: the same as Envoy (`ext_authz`) asks, which puts the call's own path there, uses the call's own method,
 * and takes nothing but 200 for a yes.
 * @param trusts whose word counts on what the call was
 */
export async function registerAuthorize(
  app: FastifyInstance,
  services: Services,
  gateway: Gateway,
  trusts: Trusts,
): Promise<void> {
  const deciding = { ...services, database: services.decisionDatabase };
  const clientTokens = new ClientTokens(deciding, 'gateway:verify');
  const verifyToken = createVerifyServerToken(
    services,
    decodeOrganizationId,
    createFindServer(services.decisionDatabase),
  );

  const decide = async (request: FastifyRequest, asked: ForwardedRequest): Promise<Passed> => {
    const token = await gatewayTokenOf(request, clientTokens);
    const credential = credentialIn(request.headers, asked.uri);
    if (credential === null) throw new DenialError('CREDENTIALS_MISSING');
    const { presented, roles } = await presentedBy(credential, { gateway, token, verifyToken });
    const call: Call = { presented, cost: 1, method: asked.method, address: request.ip };
    return { decision: await gateway.authorizeCall(token, call), roles };
  };

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers(); // what the call carries is nobody's business here
    scope.addContentTypeParser('*', (_, payload, done) => {
      payload.resume();
      done(null);
    });
    scope.setErrorHandler((error, request, reply) => answerError(services, error, request, reply));
    scope.route({
      ...anyMethod,
      url: PATH,
      handler: async (request, reply) => {
        const asked = trusts(request) ? forwardedIn(request.headers) : NOTHING_FORWARDED;
        return answer(reply, await withinTime(() => decide(request, asked)), 204);
      },
    });
    scope.route({
      ...anyMethod,
      url: `${PATH}/*`,
      handler: async (request, reply) => {
        const asked = { method: request.method, uri: request.url.slice(PATH.length) };
        const passed = await withinTime(() => decide(request, asked));
        reply.header('x-envoy-auth-headers-to-remove', toRemove(passed));
        return answer(reply, passed, 200);
      },
    });
  });
}

interface Passed {
  readonly decision: Decision;
  /** Those of an access token; empty without one. */
  readonly roles: readonly string[];
}

/** @throws DenialError, OauthError, RateLimitedError */
async function gatewayTokenOf(request: FastifyRequest, clientTokens: ClientTokens): Promise<string> {
  const authorization = request.headers[GATEWAY_HEADER];
  if (typeof authorization !== 'string') throw new DenialError('GATEWAY_UNAUTHENTICATED');
  const bearer = /^Bearer +([\w.-]+) *$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  // The gateway's own address, not its client's: what a client has done elsewhere says nothing of the gateway.
  const ipAddress = request.socket.remoteAddress ?? null;
  return clientTokens.tokenFor({ authorization, now: new Date(), requestId: request.id, ipAddress });
}

/** @throws DenialError when it is nothing that could be decided about */
async function presentedBy(
  credential: ClientCredential,
  by: { readonly gateway: Gateway; readonly token: string; readonly verifyToken: VerifyServerToken },
): Promise<{ readonly presented: Presented; readonly roles: readonly string[] }> {
  switch (credential.by) {
    case 'KEY': {
      const { organization: name, key, kind } = credential;
      const organization = decodeOrganizationId(name) ?? { externalId: name };
      return { presented: { by: 'KEY', organization, key, kind }, roles: [] };
    }
    case 'SESSION': {
      if (credential.session === null) throw new DenialError('SESSION_NOT_VALID');
      return { presented: { by: 'SESSION', session: credential.session }, roles: [] };
    }
    case 'TOKEN': {
      const now = new Date();
      const { scope } = await by.gateway.identify(by.token, now);
      const verified = await by.verifyToken(credential.token, credential.organization, scope, now);
      if (verified === null) throw new DenialError('TOKEN_NOT_VALID');
      const { organization, server, roles } = verified;
      return { presented: { by: 'TOKEN', organization, server }, roles };
    }
  }
}

/** Of the call, before Envoy lets it pass: the key, and a role that the client gave itself. */
function toRemove({ roles }: Passed): string {
  return roles.length === 0 ? 'x-api-key, x-api-role' : 'x-api-key';
}

function answer(reply: FastifyReply, { decision, roles }: Passed, granted: 200 | 204): FastifyReply {
  const { code, organization } = decision;
  if (organization !== null) {
    const { rootProviderId, organizationId } = organization;
    reply.header('x-organization-id', encodeGlobalId('Organization', rootProviderId, organizationId));
  }
  if (code !== 'VALID') return deny(reply, roles.length > 0 && code === 'NOT_FOUND' ? 'TOKEN_NOT_VALID' : code);
  if (roles.length > 0) reply.header('x-api-role', roles.join(' '));
  return reply.code(granted).send();
}

function deny(reply: FastifyReply, code: DenialCode): FastifyReply {
  const { status, message } = denials[code];
  if (status === 401) {
    const reason = code === 'TOKEN_NOT_VALID' ? ', error="invalid_token"' : '';
    reply.header('www-authenticate', `Bearer realm="api"${reason}`);
  }
  return reply.code(status).header('x-denied-code', code).send({ code, message });
}

/** In the form of every denial, so that a gateway finds the code where it looks for it. */
function answerError({ log }: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const code = codeOf(error);
  if (code === null) throw error;
  if (error instanceof RateLimitedError) reply.header('retry-after', error.retryAfterSeconds);
  const told = { err: error, requestId: request.id };
  if (code === 'DECISION_UNAVAILABLE' && !(error instanceof DomainError))
    log.error(told, 'a call could not be decided');
  else if (!(error instanceof DenialError)) log.info(told, 'a gateway got no decision');
  deny(reply, code);
}

/** Null for a request that is no HTTP as it should be, which is answered like everywhere. */
function codeOf(error: unknown): DenialCode | null {
  if (error instanceof DenialError) return error.code;
  if (error instanceof RateLimitedError) return 'GATEWAY_RATE_LIMITED';
  if (error instanceof OauthError) {
    return error.code === 'invalid_scope' ? 'GATEWAY_FORBIDDEN' : 'GATEWAY_UNAUTHENTICATED';
  }
  if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return 'GATEWAY_UNAUTHENTICATED';
  if (error instanceof DomainError && error.code === 'FORBIDDEN') return 'GATEWAY_FORBIDDEN';
  const isOfClient = error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
  return isOfClient || (error instanceof DomainError && httpStatusOf(error.code) < 500) ? null : 'DECISION_UNAVAILABLE';
}
