import type { Logger } from 'pino';
import type { ApiSessionSettings } from './api-session/api-session.ts';
import type { SignInLimit } from './authentication/sign-in-limit.ts';
import type { SigningKeys } from './authentication/signing-keys.ts';
import type { Database } from './database/database.ts';
import type { Actor } from './identity/actor.ts';
import type { Mailer } from './mail/mailer.ts';
import type { OutboundFetch } from './outbound/outbound-fetch.ts';
import type { KeyRing } from './secrets/key-ring.ts';
import type { Tracer } from './watching/span.ts';

/** What the program is made of; lives as long as the process. */
export interface Services {
  readonly database: Database;
  /** For decisions about calls: connections of its own, and short time limits, so that nothing else holds them up. */
  readonly decisionDatabase: Database;
  readonly keyRing: KeyRing;
  readonly signingKeys: SigningKeys;
  /** How often a wrong password or secret may be tried. */
  readonly signInLimit: SignInLimit;
  /** How sessions of API clients behave. */
  readonly apiSessionSettings: ApiSessionSettings;
  /** Where clients reach this installation when a provider names no base URL of its own. */
  readonly publicUrl: string;
  /** How other servers are asked. */
  readonly outboundFetch: OutboundFetch;
  /** How mails leave; null: none do. */
  readonly mailer: Mailer | null;
  readonly log: Logger;
  /** Null: nothing is traced. */
  readonly tracer: Tracer | null;
}

/** One request, or one run of a worker: who asks, when, and with what at hand. */
export interface RequestContext extends Services {
  readonly actor: Actor;
  readonly requestId: string;
  /** The instant that the whole request takes for now. */
  readonly now: Date;
  /** Null for the system's own work. */
  readonly ipAddress: string | null;
}
