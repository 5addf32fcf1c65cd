import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type ApiKeyKind, apiKeyKinds } from '../api-key/api-key.ts';
import { validationFailed } from '../errors.ts';
import { decodeOrganizationId, encodeGlobalId } from '../graphql/global-id.ts';
import type { OrganizationRef } from '../ids.ts';
import { Secret } from '../secrets/secret.ts';
import { type Call, type Decision, LARGEST_COST } from './call.ts';
import type { Gateway } from './gateway.service.ts';

const LONGEST_TEXT = 200;
const MOST_IDS = 10_000;
const BEARER = 'bearer ';

/** `POST /v1/keys/verify`: whether the holder of a key may make a call, counted when it is VALID (WIRE.md, section 2). */
export function registerVerify(app: FastifyInstance, gateway: Gateway): void {
  const refOf = rememberingIds();
  app.post('/v1/keys/verify', { bodyLimit: 4096 }, async (request, reply) => {
    const { id, call } = parseCall(request.body, request.ip, refOf);
    const decision = await gateway.authorizeCall(bearerToken(request.headers.authorization), call);
    reply.header('content-type', 'application/json; charset=utf-8');
    return bodyOf(decision, id);
  });
}

/** Reading an id takes longer than remembering it. */
function rememberingIds(): (text: string) => OrganizationRef | null {
  const known = new LRUCache<string, OrganizationRef>({ max: MOST_IDS });
  return (text) => {
    const ref = known.get(text) ?? decodeOrganizationId(text);
    if (ref !== null) known.set(text, ref);
    return ref;
  };
}

/** Whether it is a token at all is found out by whoever verifies it. */
function bearerToken(authorization: string | undefined): string | null {
  if (authorization?.slice(0, BEARER.length).toLowerCase() !== BEARER) return null;
  return authorization.slice(BEARER.length);
}

/** @throws DomainError `VALIDATION_FAILED` */
function parseCall(
  body: unknown,
  from: string,
  refOf: (text: string) => OrganizationRef | null,
): { readonly id: string | null; readonly call: Call } {
  if (typeof body !== 'object' || body === null) throw validationFailed('body', 'Send a JSON object.');
  const { organization, key, kind, cost, address } = body as Readonly<Record<string, unknown>>;
  const name = requireText('organization', organization);
  const ref = refOf(name);
  const presented = {
    by: 'KEY',
    organization: ref ?? { externalId: name },
    key: new Secret(requireText('key', key)),
    kind: kindOf(kind),
  } as const;
  const call = { presented, cost: costOf(cost), method: null, address: addressOf(address) ?? from };
  return { id: ref === null ? null : name, call };
}

/** Nothing that the database would not take. */
function requireText(field: string, value: unknown): string {
  const isText = typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT;
  if (isText && value.isWellFormed() && !value.includes('\0')) return value;
  throw validationFailed(field, `${field} must be text of at most ${LONGEST_TEXT} characters.`);
}

function kindOf(value: unknown): ApiKeyKind {
  const kind = value == null ? 'CLOUD_SERVICE' : apiKeyKinds.find((candidate) => candidate === value);
  if (kind === undefined) throw validationFailed('kind', `kind must be one of ${apiKeyKinds.join(', ')}.`);
  return kind;
}

function costOf(value: unknown): number {
  const cost = value ?? 1;
  if (typeof cost === 'number' && Number.isInteger(cost) && cost >= 1 && cost <= LARGEST_COST) return cost;
  throw validationFailed('cost', `cost must be a whole number from 1 to ${LARGEST_COST}.`);
}

function addressOf(value: unknown): string | null {
  if (value == null) return null;
  if (typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')) return value;
  throw validationFailed('address', 'address must be the IP address that the call came from.');
}

/**
 * By hand: nothing in it needs to be escaped, and most answers go out of here.
 * @param id of the organization as it was given, which is its only spelling; null when it was named otherwise
 */
function bodyOf(decision: Decision, id: string | null): string {
  const { code, organization, callsUsed, callThreshold, resetsAt } = decision;
  const organizationId = organization && `"${id ?? idOf(organization)}"`;
  const resets = resetsAt && `"${resetsAt.toISOString()}"`;
  return `{"valid":${code === 'VALID'},"code":"${code}","organizationId":${organizationId},"callsUsed":${callsUsed},"callThreshold":${callThreshold},"resetsAt":${resets}}`;
}

function idOf({ rootProviderId, organizationId }: OrganizationRef): string {
  return encodeGlobalId('Organization', rootProviderId, organizationId);
}
