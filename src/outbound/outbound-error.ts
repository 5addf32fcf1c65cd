/** Why a request to somebody else's server came to nothing. */
export type OutboundFailure =
  /** Not https, or not a URL. */
  | 'FORBIDDEN_URL'
  /** It leads into a network of our own. */
  | 'FORBIDDEN_ADDRESS'
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'TOO_LARGE';

const messages: Record<OutboundFailure, string> = {
  FORBIDDEN_URL: 'only https URLs are asked',
  FORBIDDEN_ADDRESS: 'the address is not on the public internet',
  UNREACHABLE: 'no answer',
  TIMEOUT: 'no answer in time',
  TOO_LARGE: 'the answer is too large',
};

/** Its message names no host and no address: it may come from whoever chose the URL, and go back there. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  readonly failure: OutboundFailure;

  constructor(failure: OutboundFailure, options?: ErrorOptions) {
    super(messages[failure], options);
    this.failure = failure;
  }
}
