/** Headers of a request by their names in lower case, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a client asked of the gateway, as far as the gateway tells it. */
export interface ForwardedRequest {
  /** In capitals. */
  readonly method: string | null;
  /** Path and query, or a whole URL. */
  readonly uri: string | null;
}

export const NOTHING_FORWARDED: ForwardedRequest = { method: null, uri: null };

/** The names that nginx configurations, ingress-nginx and Traefik have for the same. */
const METHOD_HEADERS = ['x-forwarded-method', 'x-original-method'];
const URI_HEADERS = ['x-forwarded-uri', 'x-original-uri', 'x-original-url'];

/** Of headers that a gateway sets itself. From anybody else they are worth nothing. */
export function forwardedIn(headers: RequestHeaders): ForwardedRequest {
  const method = headerOf(headers, METHOD_HEADERS);
  return {
    method: method !== null && /^[A-Za-z]{1,20}$/.test(method) ? method.toUpperCase() : null,
    uri: headerOf(headers, URI_HEADERS),
  };
}

/** The value of a parameter in the query of a URI; null when there is none. */
export function queryParameter(uri: string, name: string): string | null {
  const base = 'http://gateway';
  return URL.canParse(uri, base) ? new URL(uri, base).searchParams.get(name) : null;
}

function headerOf(headers: RequestHeaders, names: readonly string[]): string | null {
  for (const name of names) {
    const [value] = [headers[name] ?? []].flat();
    if (value !== undefined && value !== '') return value;
  }
  return null;
}
