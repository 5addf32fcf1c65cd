import { createHash } from 'node:crypto';
import type { ServiceProviderId } from '../ids.ts';

/** An event with every column that it has in the database: the chain covers them all. */
export interface ChainedEvent {
  readonly rootProviderId: string;
  readonly id: string;
  /** A number where the database holds an infinity: no event of ours, but something to be told from one. */
  readonly at: Date | number;
  readonly action: string;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly actorRole: string | null;
  readonly onBehalfOf: string | null;
  readonly providerPath: readonly string[];
  readonly organizationId: string | null;
  readonly target: string | null;
  readonly result: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly note: string | null;
  readonly ipAddress: string | null;
  readonly requestId: string | null;
}

/** What a chain begins with: no two roots' are the same. */
export function firstHash(rootProviderId: ServiceProviderId): Buffer {
  return createHash('sha256').update(`keyward audit chain ${rootProviderId}`).digest();
}

/** The hash of the link that puts `event` behind the link whose hash is `previous`. */
export function nextHash(previous: Buffer, event: ChainedEvent): Buffer {
  return createHash('sha256').update(previous).update(canonical(event)).digest();
}

/**
 * The event as text, in one way only. A new column is a new version: what was sealed by an older one must give the same
 * text for ever.
 */
export function canonical(event: ChainedEvent): string {
  return JSON.stringify([
    'keyward-audit-event/1',
    event.rootProviderId,
    event.id,
    instant(event.at),
    event.action,
    event.actorId,
    event.actorName,
    event.actorRole,
    event.onBehalfOf,
    event.providerPath,
    event.organizationId,
    event.target,
    event.result,
    event.before,
    event.after,
    event.note,
    event.ipAddress,
    event.requestId,
  ]);
}

function instant(at: Date | number): string {
  return at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : String(at);
}
