import { keepSecret } from './canary/places.ts';
import { nextTimestamp, obfuscateAsClientsDo } from './field-client.ts';
import { type KeyWorld, type Person, readSlot } from './key-world.ts';
import { type SocketAnswer, sendBytes } from './raw-socket.ts';
import { anyAddress } from './sign-in-from.ts';

export const PATH = '/api/v1/authenticatedSession';

export interface LoginBody {
  readonly apiKey: unknown;
  readonly username: unknown;
  readonly password: unknown;
  readonly timestamp: unknown;
}

export async function keyStringOf(world: KeyWorld): Promise<string> {
  const { keyString } = await readSlot(world);
  if (keyString === null) throw new Error('the organization has no key');
  return keyString;
}

/** What the client of somebody sends to log in; by default all of it is right. */
export async function loginBody(
  world: KeyWorld,
  { person = 'orgAdmin', timestamp = nextTimestamp() }: { person?: Person; timestamp?: number } = {},
): Promise<LoginBody> {
  const { username, password } = world.people[person];
  const apiKey = obfuscateAsClientsDo(await keyStringOf(world), timestamp);
  return { apiKey, username, password, timestamp };
}

export interface RawRequest {
  readonly method: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where it comes from, to a server that believes it. */
  readonly address?: string;
}

/** Byte by byte what is given, over a connection of its own. */
export async function sendRaw(url: string, request: RawRequest): Promise<SocketAnswer> {
  const { method, path = PATH, headers = {}, body, address = anyAddress() } = request;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: keyward.test',
    'Connection: close',
    `X-Forwarded-For: ${address}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  const answer = await sendBytes(url, `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
  if (answer === null) throw new Error('no answer');
  const [, id] = /^JSESSIONID=(.*?);/.exec(answer.headers.getSetCookie()[0] ?? '') ?? [];
  if (id !== undefined) keepSecret(id);
  return answer;
}

export function postLogin(url: string, body: unknown, address = anyAddress()): Promise<SocketAnswer> {
  const headers = { 'Content-Type': 'application/json' };
  return sendRaw(url, { method: 'POST', headers, body: JSON.stringify(body), address });
}

/** The id of a session, found as the field's clients find it. */
export function sessionIdIn({ status, headers, body }: SocketAnswer): string {
  const [first = ''] = headers.getSetCookie();
  const [, id] = /JSESSIONID=(.*?);/.exec(first) ?? [];
  if (id === undefined) throw new Error(`no session: ${status} ${body}`);
  return id;
}

export async function openSession(url: string, world: KeyWorld, person: Person = 'orgAdmin'): Promise<string> {
  return sessionIdIn(await postLogin(url, await loginBody(world, { person })));
}

export function lookAt(url: string, id: string): Promise<SocketAnswer> {
  return sendRaw(url, { method: 'GET', headers: { Cookie: `JSESSIONID=${id}` } });
}

export async function isLive(url: string, id: string): Promise<boolean> {
  const { status } = await lookAt(url, id);
  if (status !== 200 && status !== 401) throw new Error(`status ${status}`);
  return status === 200;
}
