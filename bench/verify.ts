// Counted decisions: POST /v1/keys/verify, every accepted call durable before its answer, against better-auth's API-key
// verification on the same PostgreSQL and against a Fastify route that does nothing. One process each.
import pLimit from 'p-limit';
import { nextTimestamp, obfuscateAsClientsDo } from '../test/support/field-client.ts';
import { createStaff } from '../test/support/fixtures.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { startChild } from './support/child-server.ts';
import { type Credential, credentialsOf, gatewayOf, verifyLoad } from './support/decisions.ts';
import { atMost, record } from './support/figures.ts';
import { median } from './support/load.ts';
import { type ManyRequests, type Measured, measure } from './support/wrk.ts';

const CONNECTIONS = 32;
/** With these the same server is about half as busy. */
const FEW_CONNECTIONS = 6;
const ORGANIZATIONS = Number(process.env['BENCH_ORGANIZATIONS'] ?? 200);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const LOGINS = Math.min(100, ORGANIZATIONS);
const LOGINS_AT_ONCE = 4;
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

/** Each by another person, a few at a time. @returns how long each took */
async function logIn(url: string, credentials: readonly Credential[]): Promise<number[]> {
  const limit = pLimit(LOGINS_AT_ONCE);
  const people = await Promise.all(
    credentials.map(async ({ ref, key }) => ({ key, staff: await createStaff(services, 'ORG_ADMIN', ref) })),
  );
  return Promise.all(
    people.map(({ key, staff: { username, password } }) =>
      limit(async () => {
        const timestamp = nextTimestamp();
        const body = JSON.stringify({ apiKey: obfuscateAsClientsDo(key, timestamp), username, password, timestamp });
        const begin = performance.now();
        const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        if (answer.status !== 200) throw new Error(`login: ${answer.status} ${await answer.text()}`);
        await answer.arrayBuffer();
        return performance.now() - begin;
      }),
    ),
  );
}

await using installation = await openBenchInstallation(ORGANIZATIONS);
const { services, ownerUrl } = installation;
await using keyward = await installation.startServer();
await using betterAuth = await startChild(['bench/peers/better-auth-verify.ts'], {
  PEER_DATABASE_URL: ownerUrl,
  PEER_KEYS: String(ORGANIZATIONS),
});
await using empty = await startChild(['bench/peers/empty-route.ts'], {});

const authorization = await gatewayOf(installation, keyward.url);
const keys = (await (await fetch(`${betterAuth.url}/keys`)).json()) as string[];
const credentials = await credentialsOf(installation, installation.organizations);
const ours = verifyLoad(keyward.url, authorization, credentials);
const loads = {
  ours,
  betterAuth: {
    ...ours,
    url: `${betterAuth.url}/verify`,
    headers: {},
    requests: keys.map((key) => ({ body: JSON.stringify({ key }) })),
  },
  empty: { ...ours, url: empty.url },
  authorize: {
    url: `${keyward.url}/v1/authorize`,
    headers: { 'x-keyward-gateway': authorization },
    requests: credentials.map(({ organization, key }) => ({
      headers: { 'x-organization': organization, 'x-api-key': key },
    })),
    status: 204,
    expected: '',
  },
};

const perSecond = async (load: ManyRequests) => (await measure(load, CONNECTIONS, ROUND_SECONDS)).perSecond;
const rates: Record<keyof typeof loads, number>[] = [];
const calm: Record<'ours' | 'empty', Measured>[] = [];
for (const load of Object.values(loads)) await measure(load, CONNECTIONS, 3);
for (let round = 0; round < ROUNDS; round++) {
  rates.push({
    ours: await perSecond(loads.ours),
    betterAuth: await perSecond(loads.betterAuth),
    empty: await perSecond(loads.empty),
    authorize: await perSecond(loads.authorize),
  });
  calm.push({
    ours: await measure(loads.ours, FEW_CONNECTIONS, ROUND_SECONDS),
    empty: await measure(loads.empty, FEW_CONNECTIONS, ROUND_SECONDS),
  });
}
const rateOf = (name: keyof typeof loads) => median(rates.map((round) => round[name]));
const calmOf = (name: 'ours' | 'empty', what: keyof Measured) => median(calm.map((round) => round[name][what]));
const toBetterAuth = median(rates.map(({ ours, betterAuth: theirs }) => ours / theirs));
const toEmpty = median(rates.map(({ ours, empty: floor }) => ours / floor));
process.stdout.write(
  `verify, ${CONNECTIONS} connections: Keyward ${rateOf('ours').toFixed(0)}/s, better-auth ` +
    `${rateOf('betterAuth').toFixed(0)}/s, ratio ${toBetterAuth.toFixed(1)} (aim 8); empty Fastify route ` +
    `${rateOf('empty').toFixed(0)}/s, ratio ${toEmpty.toFixed(2)} (aim 0.5)\n`,
);
process.stdout.write(
  `verify, ${FEW_CONNECTIONS} connections: Keyward ${calmOf('ours', 'perSecond').toFixed(0)}/s, 99 % within ` +
    `${calmOf('ours', 'p99Ms').toFixed(1)} ms (aim 10); empty Fastify route: 99 % within ${calmOf('empty', 'p99Ms').toFixed(1)} ms\n`,
);
process.stdout.write(
  `authorize, ${CONNECTIONS} connections: ${rateOf('authorize').toFixed(0)}/s, ` +
    `${median(rates.map(({ ours, authorize }) => authorize / ours)).toFixed(2)} of verify\n`,
);
const logins = (await logIn(`${keyward.url}/api/v1/authenticatedSession`, credentials.slice(0, LOGINS))).sort(
  (a, b) => a - b,
);
const meanMs = logins.reduce((sum, ms) => sum + ms, 0) / logins.length;
const loginsPerSecond = (LOGINS_AT_ONCE * 1000) / meanMs;
const loginP99Ms = logins[Math.floor(logins.length * 0.99)] ?? Number.NaN;
process.stdout.write(
  `session login, ${LOGINS_AT_ONCE} at once: ${loginsPerSecond.toFixed(0)}/s, 99 % within ` +
    `${loginP99Ms.toFixed(0)} ms (most of it Argon2, on purpose)\n`,
);

const verify = { what: 'verify', unit: '/s', ours: rateOf('ours'), chart: 'peers' } as const;
const calmP99Ms = calmOf('ours', 'p99Ms');
const emptyP99Ms = calmOf('empty', 'p99Ms');
await record(
  {
    ...verify,
    against: { name: 'better-auth', value: rateOf('betterAuth'), ratio: toBetterAuth },
    aim: { of: 'ratio', bound: 'at least', value: 8 },
  },
  {
    ...verify,
    against: { name: 'empty Fastify route', value: rateOf('empty'), ratio: toEmpty },
    aim: { of: 'ratio', bound: 'at least', value: 0.5 },
  },
  {
    what: `verify at half load (${Math.round(calmOf('ours', 'perSecond'))}/s), p99`,
    unit: 'ms',
    ours: calmP99Ms,
    against: { name: 'empty Fastify route', value: emptyP99Ms, ratio: calmP99Ms / emptyP99Ms },
    aim: atMost(10),
  },
  { what: 'authorize', unit: '/s', ours: rateOf('authorize') },
  { what: 'session login, most of it Argon2, on purpose', unit: '/s', ours: loginsPerSecond },
  { what: 'session login, p99', unit: 'ms', ours: loginP99Ms },
);
