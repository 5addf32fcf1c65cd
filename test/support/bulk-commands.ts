import { disableApiKey, editApiKey, enableApiKey, regenerateApiKey } from '../../src/api-key/api-key.service.ts';
import {
  disableApiKeys,
  enableApiKeys,
  regenerateApiKeys,
  renewSubscriptions,
} from '../../src/bulk-operation/bulk-commands.service.ts';
import type { BulkCommandKind } from '../../src/bulk-operation/bulk-operation.ts';
import type { BulkTarget } from '../../src/bulk-operation/start-operation.ts';
import { syncApiKey } from '../../src/bulk-operation/sync-api-key.service.ts';
import type { RequestContext } from '../../src/context.ts';
import type { DomainError } from '../../src/errors.ts';
import type { BulkOperationRef, OrganizationRef } from '../../src/ids.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { renewSubscription } from '../../src/subscription/subscription.service.ts';
import { keyInput, YEAR_MS } from './fixtures.ts';
import { readOperation, readResults } from './sync.ts';

/** What a sync gives everybody. */
export const SYNCED = 'abcDEF123456';
export const NOTE = 'as agreed';
/** Until when everybody is renewed. */
export const RENEWED = new Date(Math.floor(Date.now() / 1000) * 1000 + 2 * YEAR_MS);

/** One kind of command over many organizations, beside the one on a single organization that it repeats. */
export interface BulkCommandTwin {
  readonly many: (ctx: RequestContext, target: BulkTarget) => Promise<BulkOperationRef>;
  readonly one: (ctx: RequestContext, organization: OrganizationRef | null) => Promise<unknown>;
  /** Whether the single command refuses because the organization already is as the command would make it. */
  readonly isAlreadySo: (refusal: DomainError) => boolean;
  /** What the audit trail calls the two. */
  readonly actions: { readonly many: string; readonly one: string };
}

const alike = (action: string) => ({ many: action, one: action });
const keyKind = 'CLOUD_SERVICE';

export const bulkCommands: Readonly<Record<BulkCommandKind, BulkCommandTwin>> = {
  SYNC_API_KEY: {
    many: async (ctx, target) => {
      return (await syncApiKey(ctx, { ...target, newKey: new Secret(SYNCED), newKeyFrom: null })).operation;
    },
    one: (ctx, organization) => editApiKey(ctx, { ...keyInput(organization), newKey: new Secret(SYNCED) }),
    isAlreadySo: ({ code }) => code === 'KEY_UNCHANGED',
    actions: { many: 'api_key.sync', one: 'api_key.edit' },
  },
  DISABLE_API_KEY: {
    many: (ctx, target) => disableApiKeys(ctx, { ...target, keyKind, reason: 'NON_PAYMENT', note: NOTE }),
    one: (ctx, organization) => disableApiKey(ctx, { ...keyInput(organization), reason: 'NON_PAYMENT', note: NOTE }),
    isAlreadySo: ({ code }) => code === 'ALREADY_DISABLED',
    actions: alike('api_key.disable'),
  },
  ENABLE_API_KEY: {
    many: (ctx, target) => enableApiKeys(ctx, { ...target, keyKind, note: NOTE }),
    one: (ctx, organization) => enableApiKey(ctx, { ...keyInput(organization), note: NOTE }),
    isAlreadySo: ({ code }) => code === 'NOT_DISABLED',
    actions: alike('api_key.enable'),
  },
  REGENERATE_API_KEY: {
    many: (ctx, target) => regenerateApiKeys(ctx, { ...target, keyKind }),
    one: (ctx, organization) => regenerateApiKey(ctx, keyInput(organization)),
    isAlreadySo: () => false,
    actions: alike('api_key.regenerate'),
  },
  RENEW_SUBSCRIPTION: {
    many: (ctx, target) => renewSubscriptions(ctx, { ...target, endsAt: RENEWED }),
    one: (ctx, organization) =>
      renewSubscription(ctx, { organization, endsAt: RENEWED, expectedVersion: null, idempotencyKey: null }),
    isAlreadySo: ({ message }) => message.includes(` already lasts until ${RENEWED.toISOString()}.`),
    actions: alike('subscription.renew'),
  },
};

/** Gives the command, and tells how its operation is when that is answered. */
export async function command(ctx: RequestContext, kind: BulkCommandKind, target: BulkTarget) {
  const ref = await bulkCommands[kind].many(ctx, target);
  const operation = await readOperation(ctx, ref);
  return { ref, operation, results: await readResults(ctx, operation) };
}
