import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { revokeServiceAccount } from '../../../src/service-account/service-account.service.ts';
import { addServiceAccountSecret } from '../../../src/service-account/service-account-secret.service.ts';
import type { TestStaff } from '../fixtures.ts';
import { bearer } from '../graphql-client.ts';
import type { KeyWorld } from '../key-world.ts';
import { createTestServiceAccount, tokenOf } from '../service-accounts.ts';
import type { TestServer } from '../test-installation.ts';

export type Part = Readonly<Record<string, unknown>>;

export interface Held {
  readonly token: string;
  readonly claims: Part;
}

/** Everything that a forger could wish for: tokens that hold or have held, and the server's own key to sign others. */
export interface Forge {
  /** Of an organization's administrator. */
  readonly person: Held;
  readonly account: Held;
  /** Somebody mightier. */
  readonly admin: Held;
  readonly otherAccount: Held;
  readonly loggedOut: Held;
  readonly expired: Held;
  readonly revokedAccount: Held;
  readonly revokedSecret: Held;
  readonly foreignRootId: string;
  readonly header: Part;
  /** The public half of the key that all of them are signed with. */
  readonly publicJwk: JWK;
  /** A token with the server's own signature. A text is taken as it is. */
  sign(header: Part | string, claims: Part | string): Promise<string>;
}

/** By what is wrong with each. */
export type Forgeries = Readonly<Record<string, (forge: Forge) => Promise<string> | string>>;

export function segment(part: Part | string | Uint8Array): string {
  const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString('base64url');
}

/** The three parts of a token. */
export function parted(token: string): [string, string, string] {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return [header, claims, signature];
}

function held(token: string): Held {
  return { token, claims: decodeJwt(token) };
}

export async function createForge(server: TestServer, world: KeyWorld): Promise<Forge> {
  const { services, url, database } = server;
  const { id: kid, privateKey } = await services.signingKeys.current(new Date());
  const ofPerson = async (staff: TestStaff) => held((await bearer(url, staff)).authorization.slice('Bearer '.length));
  const newAccount = () => createTestServiceAccount(services, world.orgAdmin, world.organization);
  const [account, other, revoked] = [await newAccount(), await newAccount(), await newAccount()];
  const revokedAccount = held(await tokenOf(url, revoked));
  await revokeServiceAccount(world.as(world.orgAdmin), { id: revoked.id, idempotencyKey: null });
  const second = await addServiceAccountSecret(world.as(world.orgAdmin), { id: account.id, idempotencyKey: null });
  const revokedSecret = held(await tokenOf(url, { ...account, clientSecret: second.clientSecret?.expose() ?? '' }));
  await database.query('delete from service_account_secret where id = $1', [revokedSecret.claims.secret_id]);
  const loggedOut = await ofPerson(world.people.orgAdmin);
  await database.query('delete from staff_session where id = $1', [loggedOut.claims.sid]);
  const expired = await ofPerson(world.people.orgAdmin);
  await database.query(`update staff_session set expires_at = now() - interval '1 s' where id = $1`, [
    expired.claims.sid,
  ]);
  const person = await ofPerson(world.people.orgAdmin);
  const publicJwk = (await services.signingKeys.publicJwks(new Date())).find((jwk) => jwk.kid === kid);
  if (publicJwk === undefined) throw new Error('the key in use is published');
  return {
    person,
    account: held(await tokenOf(url, account)),
    admin: await ofPerson(world.people.platformAdmin),
    otherAccount: held(await tokenOf(url, other)),
    loggedOut,
    expired,
    revokedAccount,
    revokedSecret,
    foreignRootId: world.tenants.foreignRoot.rootProviderId,
    header: decodeProtectedHeader(person.token),
    publicJwk,
    sign: async (header, claims) => {
      const input = `${segment(header)}.${segment(claims)}`;
      return `${input}.${segment(new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, Buffer.from(input))))}`;
    },
  };
}
