import type { Received } from './backend.ts';

export interface ForwardAuth {
  readonly address: string;
  readonly trustForwardHeader: boolean;
  readonly authRequestHeaders: readonly string[];
  readonly authResponseHeaders: readonly string[];
}

/** A call as it reaches a gateway. */
export type ClientCall = Pick<Received, 'method' | 'url'> & {
  readonly headers: Readonly<Record<string, string>>;
  /** Where it comes from. */
  readonly address: string;
  readonly host: string;
};

export function headersOf(given: Readonly<Record<string, string>>): Headers {
  return new Headers(Object.entries(given));
}

/** `headers.customRequestHeaders`: sets a header, or takes it away when the value is empty. */
export function withCustomHeaders(headers: Headers, custom: Readonly<Record<string, string>>): Headers {
  const result = new Headers(headers);
  for (const [name, value] of Object.entries(custom)) {
    if (value === '') result.delete(name);
    else result.set(name, value);
  }
  return result;
}

/** The request that Traefik's `forwardAuth` makes (`writeHeader` in its pkg/middlewares/auth/forward.go): by GET, always. */
export function forwardAuthHeaders(config: ForwardAuth, call: ClientCall, headers: Headers): Headers {
  if (config.trustForwardHeader) throw new Error('only the untrusting form is documented');
  const forwarded = new Headers();
  for (const name of config.authRequestHeaders) {
    const value = headers.get(name);
    if (value !== null) forwarded.set(name, value);
  }
  forwarded.set('x-forwarded-for', call.address);
  forwarded.set('x-forwarded-method', call.method);
  forwarded.set('x-forwarded-proto', 'http');
  forwarded.set('x-forwarded-host', call.host);
  forwarded.set('x-forwarded-uri', call.url);
  return forwarded;
}

/** The headers with which a call that may pass goes on. */
export function withAuthResponse(config: ForwardAuth, headers: Headers, answer: Headers): Headers {
  const result = new Headers(headers);
  for (const name of config.authResponseHeaders) {
    const value = answer.get(name);
    result.delete(name);
    if (value !== null) result.set(name, value);
  }
  return result;
}
