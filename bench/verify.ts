// Counted decisions: POST /v1/keys/verify, every accepted call durable before its answer, against better-auth's API-key
// verification on the same PostgreSQL and against a Fastify route that does nothing. One process each.
import { lockSlot } from '../src/api-key/api-key.repository.ts';
import { openKeyString } from '../src/api-key/key-material.ts';
import { PLATFORM_SCOPE } from '../src/database/scope.ts';
import { encodeGlobalId } from '../src/graphql/global-id.ts';
import { createTestServiceAccount, tokenOf } from '../test/support/service-accounts.ts';
import { type BenchInstallation, openBenchInstallation } from './support/bench-installation.ts';
import { startChild } from './support/child-server.ts';
import { median } from './support/load.ts';
import { type ManyBodies, type Measured, measure } from './support/wrk.ts';

const CONNECTIONS = 32;
/** With these the same server is about half as busy. */
const FEW_CONNECTIONS = 6;
const ORGANIZATIONS = Number(process.env['BENCH_ORGANIZATIONS'] ?? 200);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

async function credentialsOf({ services, organizations }: BenchInstallation): Promise<string[]> {
  const bodies: string[] = [];
  for (const ref of organizations) {
    const key = await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      const slot = await lockSlot(tx, { ...ref, kind: 'CLOUD_SERVICE' });
      return slot === null ? null : openKeyString(services, tx, slot);
    });
    const organization = encodeGlobalId('Organization', ref.rootProviderId, ref.organizationId);
    bodies.push(JSON.stringify({ organization, key: key?.expose() }));
  }
  return bodies;
}

await using installation = await openBenchInstallation(ORGANIZATIONS);
const { services, ctx, provider, ownerUrl } = installation;
await using keyward = await installation.startServer();
await using betterAuth = await startChild(['bench/peers/better-auth-verify.ts'], {
  PEER_DATABASE_URL: ownerUrl,
  PEER_KEYS: String(ORGANIZATIONS),
});
await using empty = await startChild(['bench/peers/empty-route.ts'], {});

const account = await createTestServiceAccount(services, ctx.actor, provider, ['gateway:verify']);
const authorization = `Bearer ${await tokenOf(keyward.url, account)}`;
const keys = (await (await fetch(`${betterAuth.url}/keys`)).json()) as string[];
const bodies = await credentialsOf(installation);
const loads = {
  ours: { url: `${keyward.url}/v1/keys/verify`, headers: { authorization }, bodies, expected: '"valid":true' },
  betterAuth: {
    url: `${betterAuth.url}/verify`,
    headers: {},
    bodies: keys.map((key) => JSON.stringify({ key })),
    expected: '"valid":true',
  },
  empty: { url: empty.url, headers: { authorization }, bodies, expected: '"valid":true' },
};

const perSecond = async (load: ManyBodies) => (await measure(load, CONNECTIONS, ROUND_SECONDS)).perSecond;
const rates: Record<keyof typeof loads, number>[] = [];
const calm: Record<'ours' | 'empty', Measured>[] = [];
for (const load of Object.values(loads)) await measure(load, CONNECTIONS, 3);
for (let round = 0; round < ROUNDS; round++) {
  rates.push({
    ours: await perSecond(loads.ours),
    betterAuth: await perSecond(loads.betterAuth),
    empty: await perSecond(loads.empty),
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
