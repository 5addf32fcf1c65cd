import { type IncomingMessage, ServerResponse } from 'node:http';

/** What answers of the API may do in a browser: nothing. Pages that are meant for one set a policy of their own. */
const API_CONTENT_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * On every answer, whatever became of its request. A route may say otherwise of `cache-control` and of the content security
 * policy. There is no `access-control-allow-origin`: pages of other origins read nothing here.
 * @param publicUrl when it is https, browsers are told to keep to that
 */
export function securityHeadersFor(publicUrl: string): ReadonlyMap<string, string> {
  const headers = new Map([
    ['cache-control', 'no-store'],
    ['content-security-policy', API_CONTENT_SECURITY_POLICY],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['origin-agent-cluster', '?1'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
    ['referrer-policy', 'no-referrer'],
    ['x-content-type-options', 'nosniff'],
    ['x-dns-prefetch-control', 'off'],
    ['x-frame-options', 'DENY'],
    ['x-permitted-cross-domain-policies', 'none'],
  ]);
  if (publicUrl.startsWith('https:')) headers.set('strict-transport-security', `max-age=${YEAR_SECONDS}`);
  return headers;
}

/** Answers that have the headers from their beginning: also those that no hook sees, as of a server that is stopping. */
export function responseClassWith(headers: ReadonlyMap<string, string>): typeof ServerResponse {
  return class<Request extends IncomingMessage> extends ServerResponse<Request> {
    constructor(...args: ConstructorParameters<typeof ServerResponse<Request>>) {
      super(...args);
      for (const [name, value] of headers) this.setHeader(name, value);
    }
  };
}
