import { randomInt } from 'node:crypto';
import { test as base, describe, expect } from 'vitest';
import { NIL_ID } from '../../src/ids.ts';
import { routesOf } from '../support/routes.ts';
import { startTestServer } from '../support/test-installation.ts';
import { type Caller, createCallers } from './callers.ts';
import { runMatrix } from './matrix.ts';
import { type RouteRequest, routeDecisions } from './routes.ts';
import { leaksIn, readTenantRows, type Sight, sightOf } from './sight.ts';
import { isAskedFor, isInSight, relations, type Target } from './things.ts';
import { overHttp } from './transport.ts';
import { createWorld, type World } from './world.ts';

const LONGEST_MS = 300_000;

const test = base.extend('site', { scope: 'file' }, async ({}, { onCleanup }) => {
  const { server, routes } = await routesOf(() => startTestServer({ logLevel: 'info', trustedProxies: ['127.0.0.1'] }));
  onCleanup(() => server[Symbol.asyncDispose]());
  const world = await createWorld(server);
  // HEAD is the framework's own, beside each GET.
  const names = routes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
  return { server, world, callers: await createCallers(world), routes: [...new Set(names)] };
});

describe('the routes', () => {
  test('have a decision each, and no decision is without a route', ({ site }) => {
    const howTo = 'Say in test/isolation/routes.ts how it can name a thing of another tenant, or take the entry out.';
    expect(site.routes.sort(), howTo).toEqual(Object.keys(routeDecisions).sort());
  });
});

interface Got {
  readonly status: number;
  readonly text: string;
}

/** Everybody comes from an address of their own: after some failures from one, nobody there is heard. */
function somewhere(): string {
  return [198, 18, randomInt(256), randomInt(256)].join('.');
}

async function send(origin: string, route: string, { url, ...more }: RouteRequest, headers = {}): Promise<Got> {
  const [method = 'GET'] = route.split(' ');
  const from = { 'x-forwarded-for': somewhere() };
  const init = { method, redirect: 'manual' as const, body: more.body ?? null };
  const response = await fetch(`${origin}${url}`, { ...init, headers: { ...from, ...headers, ...more.headers } });
  const to = response.headers.get('location') ?? '';
  return { status: response.status, text: `${to}${await response.text()}` };
}

async function sightFor({ keyward, keyStrings }: World, viewpoint: Caller['viewpoint']): Promise<Sight> {
  return sightOf(viewpoint, await readTenantRows(keyward.database), keyStrings);
}

const readRoutes = Object.entries(routeDecisions).flatMap(([route, decision]) =>
  decision.kind === 'READ' ? decision.asks.map((ask) => ({ route, ask, name: `${route} by ${ask.by}` })) : [],
);

test.for(readRoutes)(
  '$name × every caller × every relation',
  { timeout: LONGEST_MS },
  async ({ route, ask }, { site }) => {
    const { server, world, callers } = site;
    for (const { viewpoint, headers, name } of callers) {
      const sight = await sightFor(world, viewpoint);
      const missing = await send(server.url, route, ask.request(world.missing), headers);
      for (const relation of relations.filter((each) => isAskedFor(each, ask.thing))) {
        const target: Target = world.targets[relation];
        const got = await send(server.url, route, ask.request(target), headers);
        expect(leaksIn(got.text, sight), `${name}, ${relation}`).toEqual([]);
        const isShown = missing.status === 200 && isInSight(viewpoint.standing, relation, ask.level);
        if (!isShown) expect(got, `${name}, ${relation}`).toEqual(missing);
        else expect(got.text, `${name}, ${relation}`).toContain(target.ids[ask.tells ?? ask.thing]);
      }
    }
  },
);

const lookUpRoutes = Object.entries(routeDecisions).flatMap(([route, decision]) =>
  decision.kind === 'LOOK_UP' ? [{ ...decision, route, name: `${route} by ${decision.ask.by}` }] : [],
);

test.for(lookUpRoutes)(
  '$name × every caller × every relation',
  { timeout: LONGEST_MS },
  async ({ route, ask, permission }, { site }) => {
    const { server, world, callers } = site;
    for (const { viewpoint, headers, name, actor } of callers) {
      const sight = await sightFor(world, viewpoint);
      const missing = await send(server.url, route, ask.request(world.missing), headers);
      expect(missing.status, name).toBe(404);
      for (const relation of relations.filter((each) => isAskedFor(each, ask.thing))) {
        const got = await send(server.url, route, ask.request(world.targets[relation]), headers);
        expect(leaksIn(got.text, sight), `${name}, ${relation}`).toEqual([]);
        if (!isInSight(viewpoint.standing, relation, ask.level)) expect(got, `${name}, ${relation}`).toEqual(missing);
        else expect(got.status, `${name}, ${relation}`).toBe(actor.permissions.has(permission) ? 200 : 403);
      }
    }
  },
);

/** Of whoever is nobody's. */
const NOWHERE: Caller['viewpoint'] = {
  standing: 'ORGANIZATION',
  rootProviderId: NIL_ID,
  providerIds: [],
  organizationIds: [],
  selfId: null,
};

const strangerRoutes = Object.entries(routeDecisions).flatMap(([route, decision]) =>
  decision.kind === 'STRANGER' ? [{ route, request: decision.request }] : [],
);

test.for(strangerRoutes)(
  '$route tells a stranger nothing, and the same of everybody',
  async ({ route, request }, { site }) => {
    const { server, world } = site;
    const sight = await sightFor(world, NOWHERE);
    const missing = await send(server.url, route, request(world.missing));
    for (const relation of relations) {
      const got = await send(server.url, route, request(world.targets[relation]));
      expect(leaksIn(got.text, sight), relation).toEqual([]);
      expect(got, relation).toEqual(missing);
    }
  },
);

test('the matrix over HTTP, for one tenant of each kind of relation', { timeout: LONGEST_MS }, async ({ site }) => {
  const { server, world, callers } = site;
  const extent = {
    callers,
    relations: ['own', 'foreign'] as const,
    phases: ['READS', 'HIDDEN'] as const,
    deepest: 2,
  };
  const report = await runMatrix(world, overHttp(server.url), extent);
  console.info(
    `isolation, over HTTP: ${callers.length} callers, ${report.cells} requests, ${report.leaks.length} leaks`,
  );
  expect(report.leaks).toEqual([]);
  expect(report.toldApart).toEqual([]);
  expect(report.wrongRefusals).toEqual([]);
  expect(report.changes).toEqual([]);
  expect(report.unforeseen).toEqual([]);
  expect(report.shown.size).toBeGreaterThan(20);
});
