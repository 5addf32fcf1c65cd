export type ApiSessionErrorCode =
  | 'AUTHENTICATION_FAILED'
  | 'API_KEY_DISABLED'
  | 'NOT_SUBSCRIBED'
  | 'SESSION_NOT_VALID'
  | 'MALFORMED'
  | 'UNSUPPORTED_MEDIA_TYPE';

/** Why there is no session, in the words of the protocol. Its message goes to the client. */
export class ApiSessionError extends Error {
  override readonly name = 'ApiSessionError';

  readonly code: ApiSessionErrorCode;

  constructor(code: ApiSessionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The same, whatever was wrong. */
export function authenticationFailed(): ApiSessionError {
  return new ApiSessionError('AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED');
}

export function sessionNotValid(): ApiSessionError {
  return new ApiSessionError('SESSION_NOT_VALID', 'The session does not exist or has ended. Log in again.');
}
