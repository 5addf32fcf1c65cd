/** Why a call could not be made. A code never changes its meaning; messages may. */
export type KeywardErrorCode =
  /** The login was refused: the name, the password, the key, or a clock that is minutes off. */
  | 'LOGIN_REFUSED'
  /** The key is disabled, by the service provider or the platform. */
  | 'KEY_DISABLED'
  /** No subscription holds. */
  | 'NOT_SUBSCRIBED'
  /** The organization has no key. */
  | 'KEY_NOT_FOUND'
  /** There is no such organization where the service account stands. */
  | 'ORGANIZATION_NOT_FOUND'
  /** The service account was refused: its id, its secret, or the permission `apiKey:reveal`. */
  | 'SERVICE_ACCOUNT_REFUSED'
  /** Too many requests, for longer than there was patience. */
  | 'RATE_LIMITED'
  /** No answer, or none that is of use, for longer than there was patience. */
  | 'UNAVAILABLE'
  /** The client is closed. */
  | 'CLOSED';

/** Never holds a key, a password, a secret or a token. */
export class KeywardError extends Error {
  override readonly name = 'KeywardError';

  readonly code: KeywardErrorCode;
  /** Of the answer; null without one. */
  readonly status: number | null;

  constructor(code: KeywardErrorCode, message: string, status: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}
