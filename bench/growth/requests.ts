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

/** An installation with a server, and who asks it. */
export interface Side {
  readonly installation: BenchInstallation;
  readonly fleet: GrowingFleet;
  readonly caller: Caller;
}

export interface World extends Side {
  readonly emptyUrl: string;
}

/** Among how many organizations of the whole fleet keys are regenerated. */
const REGENERATED_ORGANIZATIONS = 64;

function graphqlLoad({ url, authorization }: Caller, bodies: readonly string[], expected: string): ManyRequests {
  const requests = bodies.map((body) => ({ body }));
  return { url: `${url}/graphql`, headers: { authorization }, requests, status: 200, expected };
}

export const listLoad = ({ caller }: Side) => graphqlLoad(caller, [listOfFifty], '"nodes":[{"id"');

export async function measureList(world: World): Promise<void> {
  const { ctx, services, runtimeUrl } = world.installation;
  const recorded = await recordStatements(() => listPage(contextOf(services, ctx.actor)));
  await using scripts = await keepScripts([recorded]);
  await hold(world.fleet.organizations.length, {
    what: 'list of 50',
    connections: 8,
    ours: listLoad(world),
    against: 'the same SQL by pgbench',
    floor: byPgbench(runtimeUrl, scripts),
  });
}

export async function measureDecisions(world: World): Promise<void> {
  const ours = await decisionLoad(world);
  await callAll(ours);
  await settle(world.installation.ownerUrl);
  await callAll(ours); // the first write to a page after a checkpoint takes the whole page along
  await hold(world.fleet.organizations.length, {
    what: 'decision',
    connections: 32,
    ours,
    against: 'empty Fastify route',
    floor: byWrk({ ...ours, url: world.emptyUrl }),
  });
}

/** Calls of all organizations. */
export async function decisionLoad({ installation, fleet, caller }: Side): Promise<ManyRequests> {
  const credentials = await credentialsOf(installation, inNoOrder(fleet.organizations));
  return verifyLoad(caller.url, await gatewayOf(installation, caller.url), credentials);
}

/** Afterwards each has been called before: the first call makes the counter. */
async function callAll(load: ManyRequests): Promise<void> {
  const { requests } = load;
  let called = 0;
  for (let seconds = 1; called < requests.length; ) {
    const { perSecond } = await measure({ ...load, requests: requests.slice(called) }, 32, seconds);
    called += Math.floor(perSecond * seconds * 0.95); // and some of them twice
    seconds = Math.max(1, Math.ceil((requests.length - called) / perSecond));
  }
}

export async function measureRegenerate(world: World): Promise<void> {
  const some = world.fleet.sample(REGENERATED_ORGANIZATIONS);
  await using scripts = await regenerateScripts(world.installation, some);
  await hold(world.fleet.organizations.length, {
    what: 'regenerate',
    connections: 8,
    ours: graphqlLoad(world.caller, some.map(regenerateBody), REGENERATED),
    against: 'the same SQL by pgbench',
    floor: byPgbench(world.installation.runtimeUrl, scripts),
  });
}

/** In another order than the tables have them: the ends of their ids are random. */
function inNoOrder(organizations: readonly OrganizationRef[]): OrganizationRef[] {
  const tail = ({ organizationId }: OrganizationRef) => organizationId.slice(-12);
  return organizations.toSorted((a, b) => (tail(a) < tail(b) ? -1 : 1));
}
