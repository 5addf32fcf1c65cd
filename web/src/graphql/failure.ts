import type { CombinedError } from '@urql/core';

/** Why something did not happen. `code` is one of the API's, or one of the two that the browser alone can know. */
export interface Failure {
  readonly code: string;
  /** Says what to do next. */
  readonly message: string;
  /** Path of the argument at fault, from the API's `userErrors`. */
  readonly field: readonly string[] | null;
}

export const SESSION_ENDED = 'UNAUTHENTICATED';

export function failureOf(error: CombinedError): Failure {
  const [first] = error.graphQLErrors;
  if (isDelegationEnded(error)) {
    const message = 'Nothing was done: the access that was lent to you has ended.';
    return { code: 'DELEGATION_ENDED', message, field: null };
  }
  if (first !== undefined) {
    const code = first.extensions?.code;
    return { code: typeof code === 'string' ? code : 'INTERNAL', message: first.message, field: null };
  }
  if (error.response?.status === 429) {
    return { code: 'RATE_LIMITED', message: 'Too many requests at once. Wait a moment, then try again.', field: null };
  }
  return navigator.onLine
    ? { code: 'UNREACHABLE', message: 'The server does not answer. Try again in a moment.', field: null }
    : { code: 'OFFLINE', message: 'You are offline. Nothing is lost: try again when you are back.', field: null };
}

/** A request is refused as a whole only when the delegation does not hold; what a role does not allow is said of a part of it. */
export function isDelegationEnded(error: CombinedError | undefined): boolean {
  return error?.response?.status === 403 && error.graphQLErrors[0]?.extensions?.code === 'FORBIDDEN';
}

export function isSessionEnded(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some(({ extensions }) => extensions?.code === SESSION_ENDED) ?? false;
}
