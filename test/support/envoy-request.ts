import type { ClientCall } from './traefik-request.ts';

interface Pattern {
  readonly exact: string;
}
interface Patterns {
  readonly patterns: readonly Pattern[];
}

export interface ExtAuthz {
  readonly failure_mode_allow: boolean;
  readonly allowed_headers: Patterns;
  readonly http_service: {
    readonly path_prefix: string;
    readonly authorization_request: {
      readonly headers_to_add: readonly { readonly key: string; readonly value: string }[];
    };
    readonly authorization_response: {
      readonly allowed_upstream_headers: Patterns;
      readonly allowed_client_headers: Patterns;
    };
  };
}

const has = ({ patterns }: Patterns, name: string) => patterns.some(({ exact }) => exact === name);
/** Those of the filter itself come on top (`toRequestMatchers` in Envoy's ext_authz_http_impl.cc). */
const ALWAYS = ['authorization', 'host'];

export interface CheckRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
}

/** The request that Envoy's `ext_authz` makes of a call (`RawHttpClientImpl::check`): its method, its path, no body. */
export function checkRequest(config: ExtAuthz, call: ClientCall): CheckRequest {
  const headers = new Headers({ 'content-length': '0' });
  const received = { ...call.headers, host: call.host, 'x-forwarded-for': call.address };
  for (const [given, value] of Object.entries(received)) {
    const name = given.toLowerCase();
    if (has(config.allowed_headers, name) || ALWAYS.includes(name)) headers.set(name, value);
  }
  const { path_prefix: prefix, authorization_request: request } = config.http_service;
  for (const { key, value } of request.headers_to_add) headers.set(key, value);
  return { method: call.method, path: `${prefix}${call.url}`, headers };
}

export type CheckResponse =
  | { readonly passes: true; readonly upstream: Headers }
  | { readonly passes: false; readonly status: number; readonly client: Headers };

/** What Envoy makes of the answer (`RawHttpClientImpl::toResponse`): nothing but 200 is a yes, and 5xx is an error. */
export function checkResponse(config: ExtAuthz, call: ClientCall, status: number, answer: Headers): CheckResponse {
  const { authorization_response: response } = config.http_service;
  if (status >= 500) return { passes: config.failure_mode_allow, status: 503, client: new Headers() } as CheckResponse;
  if (status !== 200) {
    const client = [...answer].filter(
      ([name]) => has(response.allowed_client_headers, name) || name === 'www-authenticate',
    );
    return { passes: false, status, client: new Headers(client) };
  }
  const upstream = new Headers(call.headers);
  for (const [name, value] of answer) if (has(response.allowed_upstream_headers, name)) upstream.set(name, value);
  const toRemove = answer.get('x-envoy-auth-headers-to-remove') ?? '';
  for (const name of toRemove.split(',')) if (name.trim() !== '') upstream.delete(name.trim());
  return { passes: true, upstream };
}
