import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, fetch } from 'undici';
import { isPublicAddress } from './address.ts';
import { OutboundError } from './outbound-error.ts';

const TIMEOUT_MS = 5_000;
const LARGEST_RESPONSE_BYTES = 1024 * 1024;

/** Every address of a name, as `dns.lookup` gives them. */
export type LookUp = (
  hostname: string,
  options: dns.LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

export interface OutboundOptions {
  /** `host` or `host:port`, lower case, that may be private and may speak http. */
  readonly allowedPrivateHosts: readonly string[];
  /** For the whole of it: name, connection, answer with its body. */
  readonly timeoutMs?: number;
  readonly largestResponseBytes?: number;
  /** The system's own unless something else is given. */
  readonly lookUp?: LookUp;
}

/** The part of `RequestInit` that is of use here: libraries can be given the whole as their `fetch`. */
export interface OutboundRequest {
  readonly method?: string;
  readonly headers?: Headers | Record<string, string>;
  readonly body?: string | Uint8Array | ArrayBuffer | URLSearchParams | ReadableStream | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
  /** What is done with an answer whose body is larger than the limit: by default it is no answer. */
  readonly longBody?: 'REFUSED' | 'CUT_OFF';
}

/**
 * `fetch` for URLs that somebody else chose: the one way by which the program asks other servers. It asks https only and
 * public addresses only, follows no redirect, and gives the answer with its body read, within the limits.
 * @throws OutboundError
 */
export interface OutboundFetch {
  (url: string | URL, request?: OutboundRequest): Promise<Response>;
  /** Why such a URL is never asked, as far as it shows in the URL itself; null when it may be tried. */
  refusalOf(url: string): OutboundError | null;
}

/** The address is judged where the connection is made: a name that says one thing now and another then gains nothing. */
export function createOutboundFetch(options: OutboundOptions): OutboundFetch {
  const { timeoutMs = TIMEOUT_MS, largestResponseBytes = LARGEST_RESPONSE_BYTES, lookUp = dns.lookup } = options;
  const allowed = new Set(options.allowedPrivateHosts);
  const connect = { timeout: timeoutMs };
  const toPublicHosts = new Agent({ connect: { ...connect, lookup: onlyPublic(lookUp) } });
  const toAllowedHosts = new Agent({ connect });

  const check = (given: string | URL) => {
    const url = parse(given);
    const isAllowed = allowed.has(url.hostname) || allowed.has(`${url.hostname}:${portOf(url)}`);
    if (!isAllowed) refuseUnlessPublic(url);
    return { url, isAllowed };
  };
  const outboundFetch = async (given: string | URL, request: OutboundRequest = {}): Promise<Response> => {
    const { url, isAllowed } = check(given);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await fetch(url, {
        method: request.method ?? 'GET',
        headers: [...new Headers(request.headers)],
        ...(request.body == null ? {} : { body: request.body }),
        duplex: 'half',
        redirect: 'manual',
        signal: request.signal == null ? timeout : AbortSignal.any([timeout, request.signal]),
        dispatcher: isAllowed ? toAllowedHosts : toPublicHosts,
      });
      const body = await readAtMost(largestResponseBytes, answer.body, request.longBody);
      const { status, statusText } = answer;
      return new Response(mayHaveBody(status) ? body : null, { status, statusText, headers: [...answer.headers] });
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw timeout.aborted ? new OutboundError('TIMEOUT') : asOutboundError(error);
    }
  };
  return Object.assign(outboundFetch, { refusalOf: (url: string) => refusalBy(() => check(url)) });
}

function refusalBy(check: () => unknown): OutboundError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof OutboundError) return error;
    throw error;
  }
}

function parse(given: string | URL): URL {
  const url = URL.canParse(String(given)) ? new URL(given) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new OutboundError('FORBIDDEN_URL');
  if (url.username !== '' || url.password !== '') throw new OutboundError('FORBIDDEN_URL');
  return url;
}

function portOf({ port, protocol }: URL): string {
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}

/** An address in the URL itself is never looked up, so it is judged here. */
function refuseUnlessPublic({ protocol, hostname }: URL): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new OutboundError('FORBIDDEN_ADDRESS');
  if (protocol !== 'https:') throw new OutboundError('FORBIDDEN_URL');
}

/** One address that is not public is enough to refuse the name. */
function onlyPublic(lookUp: LookUp): LookupFunction {
  return (hostname, options, done) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return done(new OutboundError('FORBIDDEN_ADDRESS'), '');
      }
      return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

async function readAtMost(
  mostBytes: number,
  body: AsyncIterable<Uint8Array> | null,
  longBody: OutboundRequest['longBody'] = 'REFUSED',
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes && longBody === 'CUT_OFF') return Buffer.alloc(0);
    if (length > mostBytes) throw new OutboundError('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** What `Response` takes a body with. */
function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

/** What undici throws has what happened as its cause. */
function asOutboundError(error: unknown): OutboundError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause;
  }
  return new OutboundError('UNREACHABLE', { cause: error });
}
