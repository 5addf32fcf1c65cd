import { test as base, describe, expect, vi } from 'vitest';
import type { KeywardClient, KeywardClientOptions } from '../../../clients/node/src/keyward-client.ts';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { clientOptions, FETCH_KEY, LOGIN, openClient, Wire, withoutUser } from '../../support/client-world.ts';
import { rotateAsPlanned } from '../../support/current-keys.ts';
import { keyInput } from '../../support/fixtures.ts';
import { createTestGateway } from '../../support/gateway-client.ts';
import { type GuardedApi, startGuardedApi } from '../../support/guarded-api.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { allowOverlap } from '../../support/rotation-policies.ts';
import { startTestServer } from '../../support/test-installation.ts';

const ROTATIONS = Number(process.env['KEYWARD_CLIENT_ROTATIONS'] ?? 100);
const CALLERS = 4;
const LONGEST_MS = 120_000;
const UNTIL = { timeout: 20_000, interval: 5 };

const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.1'], logLevel: 'warn' });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server))
  .extend('api', async ({ server, world }, { onCleanup }): Promise<GuardedApi> => {
    const { credentials } = await createTestGateway(server, world);
    const api = await startGuardedApi(server.url, credentials);
    onCleanup(() => api[Symbol.asyncDispose]());
    return api;
  })
  .extend('options', ({ server, world, api }) =>
    clientOptions(server.services, world, { baseUrl: api.url, keywardUrl: server.url }),
  );

/** Callers that share a client, each with one call after another. */
class Load {
  readonly statuses = new Map<string, number>();
  readonly #callers: Promise<void>[];
  /** Of each caller, the round in which its last finished call began. */
  readonly #finishedIn = Array.from({ length: CALLERS }, () => -1);
  #round = 0;
  #isOver = false;

  constructor(client: KeywardClient) {
    this.#callers = this.#finishedIn.map((_, caller) => this.#call(client, caller));
  }

  /** Until every caller has begun and finished a call in a new round. */
  async nextRound(): Promise<void> {
    this.#round += 1;
    const isThrough = () => expect(Math.min(...this.#finishedIn)).toBe(this.#round);
    await vi.waitFor(isThrough, UNTIL);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  async #call(client: KeywardClient, caller: number): Promise<void> {
    while (!this.#isOver) {
      const round = this.#round;
      const outcome = await client.fetch(`/orders/${caller}`).then(
        async (response) => {
          await response.arrayBuffer();
          return String(response.status);
        },
        (error: Error) => error.message,
      );
      this.statuses.set(outcome, (this.statuses.get(outcome) ?? 0) + 1);
      this.#finishedIn[caller] = round;
      if (outcome !== '200') this.#isOver = true; // what fails at once would be all that is ever done
    }
  }
}

/** Rotations, each while calls are made. @param hasSeen awaited after each, before the next */
async function rotateUnderLoad(
  options: KeywardClientOptions,
  times: number,
  rotate: () => Promise<unknown>,
  hasSeen: (rotations: number) => Promise<unknown> = async () => undefined,
): Promise<ReadonlyMap<string, number>> {
  await using opened = await openClient(options);
  const load = new Load(opened.client);
  await load.nextRound();
  for (let rotation = 1; rotation <= times; rotation++) {
    await rotate();
    await hasSeen(rotation);
    await load.nextRound();
  }
  await load.stop();
  console.info(`client: ${times} rotations, calls by what came of them: ${JSON.stringify([...load.statuses])}`);
  return load.statuses;
}

const modes = [
  ['that logs in', (options: KeywardClientOptions) => options, ROTATIONS],
  ['that shows the key', withoutUser, ROTATIONS / 5],
] as const;

describe('through rotations under load no call of a client fails', { timeout: LONGEST_MS }, () => {
  test.for(modes)('%s, without overlap: after one retry', async ([, mode, times], { server, world, api, options }) => {
    const wire = new Wire();
    const rotate = () => regenerateApiKey(world.as(world.providerAdmin), keyInput(world.organization));
    const statuses = await rotateUnderLoad({ ...mode(options), fetch: wire.fetch }, times, rotate);
    expect([...statuses.keys()]).toEqual(['200']);
    expect(api.answered.get(401)).toBeGreaterThanOrEqual(times);
    // However many calls are refused at once, one of them fetches the key.
    expect(wire.answered(FETCH_KEY, 200)).toBe(times + 1);
    expect(await revealsOf(server.database.query, world)).toBe(times + 1);
    if (wire.sent(LOGIN) > 0) expect(wire.answered(LOGIN, 200)).toBe(times + 1);
  });

  test.for(modes)('%s, with overlap: none is even refused', async ([, mode, times], { world, api, options }) => {
    await allowOverlap(world, world.tenants.reseller);
    const wire = new Wire();
    const statuses = await rotateUnderLoad(
      { ...mode(options), fetch: wire.fetch, pollMs: 20 },
      times,
      () => rotateAsPlanned(world),
      (rotations) => {
        const picked = wire.sent(LOGIN) > 0 ? LOGIN : FETCH_KEY;
        return vi.waitFor(() => expect(wire.answered(picked, 200)).toBe(rotations + 1), UNTIL);
      },
    );
    expect([...statuses.keys()]).toEqual(['200']);
    expect(api.answered.get(401)).toBeUndefined(); // a 503 of a busy machine says nothing of the key
  });
});

async function revealsOf(query: (sql: string, values: unknown[]) => Promise<unknown[]>, world: KeyWorld) {
  const rows = await query(`select from audit_event where action = 'api_key.reveal' and organization_id = $1`, [
    world.organization.organizationId,
  ]);
  return rows.length;
}
