import { newId, PLATFORM_ROOT_ID } from '../../../src/ids.ts';
import { type Forge, type Forgeries, type Part, segment } from './forge.ts';

/** Signed by the server, and right but for what the claims say. */
function person(change: Part | ((forge: Forge) => Part)): (forge: Forge) => Promise<string> {
  return (forge) =>
    forge.sign(forge.header, { ...forge.person.claims, ...(typeof change === 'function' ? change(forge) : change) });
}

function account(change: Part | ((forge: Forge) => Part)): (forge: Forge) => Promise<string> {
  return (forge) =>
    forge.sign(forge.header, { ...forge.account.claims, ...(typeof change === 'function' ? change(forge) : change) });
}

const now = () => Math.floor(Date.now() / 1000);
const HOUR = 3600;

const forWhomAndWhen: Forgeries = {
  'for another audience': person({ aud: 'keyward' }),
  'for several audiences': person({ aud: ['keyward-api', 'other'] }),
  'for its audience in a list': person({ aud: ['keyward-api'] }),
  'for no audience': person({ aud: undefined }),
  'for an empty list of audiences': person({ aud: [] }),
  'of another issuer': person({ iss: 'https://idp.example' }),
  'of several issuers': person({ iss: ['keyward'] }),
  'of no issuer': person({ iss: undefined }),
  'of its issuer in capitals': person({ iss: 'KEYWARD' }),
  'without an end': person({ exp: undefined }),
  'that has expired': person(() => ({ exp: now() - 1 })),
  'that ends this second': person(() => ({ exp: now() })),
  'whose end is a text': person(() => ({ exp: String(now() + 600) })),
  'whose end is null': person({ exp: null }),
  'whose end is true': person({ exp: true }),
  'that ends in ten years': person(() => ({ exp: now() + 10 * 365 * 24 * HOUR })),
  'that ends at the end of time': person({ exp: Number.MAX_SAFE_INTEGER }),
  'without a beginning': person({ iat: undefined }),
  'from the future': person(() => ({ iat: now() + HOUR, exp: now() + 2 * HOUR })),
  'of the day before yesterday': person(() => ({ iat: now() - 48 * HOUR, exp: now() + 600 })),
  'whose beginning is a text': person(() => ({ iat: String(now()) })),
  'that holds from an hour on': person(() => ({ nbf: now() + HOUR })),
  'that holds from a text on': person(() => ({ nbf: String(now()) })),
};

const ofPeople: Forgeries = {
  'of nobody': person({ sub: undefined }),
  'of a name': person({ sub: 'admin' }),
  'of several': person(({ person: { claims } }) => ({ sub: [claims.sub] })),
  'of a person that there is not': person(() => ({ sub: newId<'StaffMember'>() })),
  'of another person in the same session': person(({ admin }) => ({ sub: admin.claims.sub })),
  'of the platform’s administrator in this session': person(({ admin: { claims } }) => ({
    sub: claims.sub,
    root: claims.root,
  })),
  'of another root': person(({ foreignRootId }) => ({ root: foreignRootId })),
  'of the platform’s root': person({ root: PLATFORM_ROOT_ID }),
  'of no root': person({ root: undefined }),
  'of a root that is a query': person({ root: "' or true --" }),
  'of another epoch': person({ epoch: 1 }),
  'of the epoch as a text': person({ epoch: '0' }),
  'of no epoch': person({ epoch: undefined }),
  'of a null epoch': person({ epoch: null }),
  'of a fraction of an epoch': person({ epoch: 0.5 }),
  'of no session': person({ sid: undefined }),
  'of a session that there is not': person(() => ({ sid: newId<'StaffSession'>() })),
  'of somebody else’s session': person(({ admin }) => ({ sid: admin.claims.sid })),
  'of a session that was logged out': ({ loggedOut }) => loggedOut.token,
  'of a session that has ended': ({ expired }) => expired.token,
  'of a session that is a query': person({ sid: "' or true --" }),
};

const ofServiceAccounts: Forgeries = {
  'of a person for a service account': person(({ person: { claims }, account: { claims: own } }) => ({
    sid: undefined,
    epoch: undefined,
    client_id: claims.sub,
    secret_id: own.secret_id,
    scope: 'apiKey:view',
  })),
  'of a service account for a person': person(({ account: { claims } }) => ({ sub: claims.sub })),
  'of a service account for another’s client': account(({ otherAccount: { claims } }) => ({
    client_id: claims.sub,
  })),
  'of a service account with another’s secret': account(({ otherAccount: { claims } }) => ({
    secret_id: claims.secret_id,
  })),
  'of a service account with no secret': account({ secret_id: undefined }),
  'of a service account with a revoked secret': ({ revokedSecret }) => revokedSecret.token,
  'of a revoked service account': ({ revokedAccount }) => revokedAccount.token,
  'of a service account that there is not': account(() => {
    const id = newId<'ServiceAccount'>();
    return { sub: id, client_id: id };
  }),
  'of a service account of another root': account(({ foreignRootId }) => ({ root: foreignRootId })),
  'of a service account of the platform': account({ root: PLATFORM_ROOT_ID }),
  'of a service account without a client': account({ client_id: undefined }),
  'of a service account without a scope': account({ scope: undefined }),
  'of a service account with a scope in a list': account({ scope: ['apiKey:view'] }),
};

const noClaims: Forgeries = {
  'claims that are a list': ({ sign, header, person: { claims } }) => sign(header, JSON.stringify([claims])),
  'claims that are a text': ({ sign, header, person: { claims } }) =>
    sign(header, JSON.stringify(JSON.stringify(claims))),
  'claims that are null': ({ sign, header }) => sign(header, 'null'),
  'claims that are no JSON': ({ sign, header }) => sign(header, 'claims'),
  'claims that are another token': ({ sign, header, person: { token } }) => sign(header, token),
  'claims of an object’s own': ({ sign, header, person: { claims } }) =>
    sign(header, `{"__proto__":${JSON.stringify(claims)}}`),
  'claims that nobody signed, behind a right token': ({ person: { token }, admin: { claims } }) =>
    `${token}.${segment(claims)}`,
};

export const badClaims: Forgeries = { ...forWhomAndWhen, ...ofPeople, ...ofServiceAccounts, ...noClaims };
