/** The closed list of DOMAIN.md, "Errors". A code never changes its meaning; messages may. */
export const errorCodes = [
  'NOT_FOUND',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'VALIDATION_FAILED',
  'KEY_EXISTS',
  'KEY_NOT_FOUND',
  'KEY_UNCHANGED',
  'KEY_DISABLED',
  'KEY_NOT_EDITABLE',
  'INVALID_KEY_FORMAT',
  'SUBSCRIPTION_REQUIRED',
  'SUBSCRIPTION_NOT_STARTED',
  'SUBSCRIPTION_EXPIRED',
  'SUBSCRIPTION_EXISTS',
  'ALREADY_DISABLED',
  'NOT_DISABLED',
  'NOTE_REQUIRED',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'DUPLICATE_NAME',
  'PASSWORD_CHANGE_REQUIRED',
  'ROLE_IN_USE',
  'LIMIT_REACHED',
  'DELEGATION_ENDED',
  'SECRETS_UNAVAILABLE',
  'DECISION_UNAVAILABLE',
  'TOO_MANY_TARGETS',
  'OPERATION_NOT_CANCELLABLE',
  'BUSY',
  'APPROVAL_CLOSED',
  'APPROVAL_NOT_READY',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Codes that are top-level GraphQL errors; every other one comes back in the payload's `userErrors`. */
const topLevelCodes: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'INTERNAL',
]);

/** How HTTP answers say it, where a whole request is refused. */
export function httpStatusOf(code: ErrorCode): number {
  switch (code) {
    case 'UNAUTHENTICATED':
      return 401;
    case 'FORBIDDEN':
    case 'PASSWORD_CHANGE_REQUIRED':
      return 403;
    case 'NOT_FOUND':
    case 'KEY_NOT_FOUND':
      return 404;
    case 'RATE_LIMITED':
      return 429;
    case 'BUSY':
    case 'SECRETS_UNAVAILABLE':
    case 'DECISION_UNAVAILABLE':
      return 503;
    case 'INTERNAL':
      return 500;
    default:
      return 400;
  }
}

/** A refusal that the caller can understand and act on. `message` says what to do next and never holds a secret. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  readonly code: ErrorCode;
  /** Path of the input field at fault, e.g. `['newKey']`. */
  readonly field: readonly string[] | null;

  constructor(code: ErrorCode, message: string, field: readonly string[] | null = null) {
    super(message);
    this.code = code;
    this.field = field;
  }

  get isTopLevel(): boolean {
    return topLevelCodes.has(this.code);
  }
}

/** After which whoever was told that the database is away may ask again. A failover takes some twenty: then they have it at once. */
export const AWAY_RETRY_SECONDS = 1;

/**
 * A refusal that passes by itself, though its code does not say so, such as one by the word of somebody else's server: a retry is
 * decided anew.
 */
export class PassingRefusal extends DomainError {}

/** Too many at once. Whole requests refused by it carry `Retry-After`, GraphQL errors `extensions.retryAfterSeconds`. */
export class RateLimitedError extends DomainError {
  /** Until then it is of no use to try again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super('RATE_LIMITED', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What the caller may not see answers exactly as what does not exist (DOMAIN.md, "Who may do what"). */
export function notFound(field: string): DomainError {
  return new DomainError('NOT_FOUND', 'Nothing with this id exists here. Check the id.', [field]);
}

export function validationFailed(field: string, message: string): DomainError {
  return new DomainError('VALIDATION_FAILED', message, [field]);
}
