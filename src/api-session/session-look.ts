import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { ApiSessionId, OrganizationId, ServiceProviderId } from '../ids.ts';
import { doingNothing } from '../watching/current.ts';
import { findApiSessions, type SessionUse, writeUses } from './api-session.repository.ts';
import { isAlive } from './api-session.ts';
import { isSameSecret } from './api-session-id.ts';

/** A session as a client of a gateway shows it. */
interface Shown {
  readonly rootProviderId: ServiceProviderId;
  readonly sessionId: string;
  readonly secretHash: Buffer;
}

interface Facts {
  readonly sessionId: string;
  readonly secretHash: Buffer;
  readonly organizationId: OrganizationId;
  readonly slotVersion: number;
  readonly holds: boolean;
}

const WRITTEN_AFTER_MS = 1000;

/** What decisions at gateways need of sessions. Uses are written down together, up to a second later. */
export class SessionLook implements AsyncDisposable {
  readonly #services: Services;
  #uses = new Map<string, SessionUse>();
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  /**
   * One answer for each that is in the transaction's sight, with what holds of it as of the one statement, which is sent at
   * once. The same session shown with another secret is another one: what holds of one says nothing of the other.
   */
  async find(tx: Tx, shown: readonly Shown[], now: Date): Promise<Facts[]> {
    const { idleTimeoutMs } = this.#services.apiSessionSettings;
    const rows = await findApiSessions(tx, shown.map(toRef));
    const found = new Map(rows.map((session) => [session.apiSessionId as string, session]));
    return shown.flatMap(({ sessionId, secretHash }) => {
      const session = found.get(sessionId);
      if (session === undefined) return [];
      const { organizationId, slotVersion } = session;
      const holds = isSameSecret(secretHash, session.secretHash) && isAlive(session, now, idleTimeoutMs);
      return [{ sessionId, secretHash, organizationId, slotVersion, holds }];
    });
  }

  /** Neither fails nor waits. */
  used(shown: Shown, at: Date): void {
    this.#uses.set(shown.sessionId, { ...toRef(shown), at });
    this.#timer ??= doingNothing(() => setTimeout(() => this.#write(), WRITTEN_AFTER_MS).unref());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer = null;
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    const { database, log } = this.#services;
    this.#writing = this.#writing
      .then(() => database.withTransaction(PLATFORM_SCOPE, (tx) => writeUses(tx, [...uses.values()])))
      .catch((error: unknown) => log.warn({ err: error }, 'the uses of API sessions were not written down'));
  }
}

function toRef({ rootProviderId, sessionId }: Shown) {
  return { rootProviderId, apiSessionId: sessionId as ApiSessionId };
}
