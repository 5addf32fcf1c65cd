import type { OrganizationRef } from '../../src/ids.ts';
import { contextOf } from '../../test/support/fixtures.ts';
import type { BenchInstallation } from '../support/bench-installation.ts';
import { credentialsOf, gatewayOf, verifyLoad } from '../support/decisions.ts';
import { listOfFifty } from '../support/list-of-fifty.ts';
import { keepScripts } from '../support/pgbench.ts';
import { recordStatements } from '../support/recorder.ts';
import { REGENERATED, regenerateBody, regenerateScripts } from '../support/regenerate.ts';
import { listPage } from '../support/watch.ts';
import { type ManyRequests, measure } from '../support/wrk.ts';
import type { Caller } from './bulk-over-http.ts';
import { byPgbench, byWrk, hold } from './contest.ts';
import { type GrowingFleet, settle } from './growing-fleet.ts';

/** What is measured, and by whom. */
export interface World {
  readonly installation: BenchInstallation;
  readonly fleet: GrowingFleet;
  readonly caller: Caller;
  readonly emptyUrl: string;
}

/** Among how many organizations of the whole fleet keys are regenerated. */
const REGENERATED_ORGANIZATIONS = 64;

function graphqlLoad({ url, authorization }: Caller, bodies: readonly string[], expected: string): ManyRequests {
  const requests = bodies.map((body) => ({ body }));
  return { url: `${url}/graphql`, headers: { authorization }, requests, status: 200, expected };
}

/** @returns milliseconds, as `hold` does */
export async function measureList({ installation, fleet, caller }: World): Promise<number> {
  const { ctx, services, runtimeUrl } = installation;
  const recorded = await recordStatements(() => listPage(contextOf(services, ctx.actor)));
  await using scripts = await keepScripts([recorded]);
  return await hold(fleet.organizations.length, {
    what: 'list of 50',
    connections: 8,
    ours: graphqlLoad(caller, [listOfFifty], '"nodes":[{"id"'),
    against: 'the same SQL by pgbench',
    floor: byPgbench(runtimeUrl, scripts),
  });
}

/** @returns milliseconds, as `hold` does */
export async function measureDecisions({ installation, fleet, caller, emptyUrl }: World): Promise<number> {
  const credentials = await credentialsOf(installation, inNoOrder(fleet.organizations));
  const ours = verifyLoad(caller.url, await gatewayOf(installation, caller.url), credentials);
  await callAll(ours);
  await settle(installation.ownerUrl);
  await callAll(ours); // the first write to a page after a checkpoint takes the whole page along
  return await hold(fleet.organizations.length, {
    what: 'decision',
    connections: 32,
    ours,
    against: 'empty Fastify route',
    floor: byWrk({ ...ours, url: emptyUrl }),
  });
}

export async function measureRegenerate({ installation, fleet, caller }: World): Promise<void> {
  const some = fleet.sample(REGENERATED_ORGANIZATIONS);
  await using scripts = await regenerateScripts(installation, some);
  await hold(fleet.organizations.length, {
    what: 'regenerate',
    connections: 8,
    ours: graphqlLoad(caller, some.map(regenerateBody), REGENERATED),
    against: 'the same SQL by pgbench',
    floor: byPgbench(installation.runtimeUrl, scripts),
  });
}

/** The first call of an organization makes its counter, all others count on. */
async function callAll(load: ManyRequests): Promise<void> {
  const { perSecond } = await measure(load, 32, 1);
  await measure(load, 32, Math.ceil(load.requests.length / perSecond) + 1);
}

/** In another order than the tables have them: the ends of their ids are random. */
function inNoOrder(organizations: readonly OrganizationRef[]): OrganizationRef[] {
  const tail = ({ organizationId }: OrganizationRef) => organizationId.slice(-12);
  return organizations.toSorted((a, b) => (tail(a) < tail(b) ? -1 : 1));
}
