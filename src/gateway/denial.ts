import type { DecisionCode } from './call.ts';

/** Why a call may not pass: what the decision says, or what kept it from being made. */
export type DenialCode =
  | Exclude<DecisionCode, 'VALID'>
  /** Neither key nor token nor session was sent. */
  | 'CREDENTIALS_MISSING'
  | 'TOKEN_NOT_VALID'
  | 'GATEWAY_UNAUTHENTICATED'
  | 'GATEWAY_FORBIDDEN'
  | 'GATEWAY_RATE_LIMITED'
  | 'DECISION_UNAVAILABLE';

interface Denial {
  readonly status: 401 | 403 | 429 | 503;
  readonly message: string;
}

/** nginx, Envoy and Traefik deny for each of these; how a client is told is for the gateway to say (docs/gateways.md). */
export const denials: Readonly<Record<DenialCode, Denial>> = {
  CREDENTIALS_MISSING: {
    status: 401,
    message: 'Send the key as X-Api-Key with X-Organization, an access token, or a session.',
  },
  NOT_FOUND: { status: 401, message: 'This is not the key of this organization.' },
  TOKEN_NOT_VALID: {
    status: 401,
    message: "This is no access token of the organization's authorization server with a scope for the organization.",
  },
  SESSION_NOT_VALID: { status: 401, message: 'The session has ended. Log in again.' },
  DISABLED: { status: 403, message: 'The API key is disabled. Ask your service provider.' },
  SUBSCRIPTION_EXPIRED: { status: 403, message: 'There is no current API subscription. Ask your service provider.' },
  THRESHOLD_EXCEEDED: {
    status: 429,
    message: 'The organization has used up its calls, and its key is disabled. Ask your service provider.',
  },
  GATEWAY_UNAUTHENTICATED: {
    status: 401,
    message: 'The gateway has not proved who it is: it sends X-Keyward-Gateway of a service account.',
  },
  GATEWAY_FORBIDDEN: {
    status: 403,
    message: 'The service account of the gateway needs the permission gateway:verify.',
  },
  GATEWAY_RATE_LIMITED: {
    status: 429,
    message: 'The gateway has sent a wrong secret too often. Correct it, then wait.',
  },
  DECISION_UNAVAILABLE: { status: 503, message: 'This cannot be decided now. Try again.' },
};
