import { describe, expect } from 'vitest';
import { programSchema } from '../../src/graphql/schema.ts';
import { eventsIn } from '../support/streams.ts';
import { bearerOf } from './callers.ts';
import { type Operation, operationsOf } from './documents.ts';
import { type Input, inputsOf } from './graphql-inputs.ts';
import { type Answer, Oracle } from './oracle.ts';
import { fuzz, SEED, TIMEOUT_MS } from './settings.ts';
import { type FuzzServer, type FuzzWorld, test } from './world.ts';

/** Every operation of one kind that the schema has: a new one is fuzzed without being listed anywhere. */
export function fuzzOperations(kind: Operation['kind']): void {
  describe(`with any input (seed ${SEED})`, () => {
    test.for(operationsOf(programSchema(), kind))(
      '$name answers, or refuses with a code of the list',
      { timeout: TIMEOUT_MS },
      async (operation, { server, nextWorld }) => {
        const oracle = new Oracle();
        const earlier = server.complaints.length;
        await fuzz(async () => {
          const world = await nextWorld();
          return {
            inputs: inputsOf(operation, world),
            complaintsAbout: async (input) => {
              const found = oracle.complaintsAbout(
                await (operation.kind === 'subscription' ? subscribe : send)(server, world, input),
              );
              return found.length === 0 ? found : [...found, ...server.complaints.slice(earlier)];
            },
          };
        });
        expect(server.complaints.slice(earlier)).toEqual([]);
        expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      },
    );
  });
}

function headersOf(world: FuzzWorld, { by, delegation }: Input): Record<string, string> {
  const under = delegation === null ? {} : { 'x-keyward-delegation': delegation };
  return { ...under, 'content-type': 'application/json', ...bearerOf(by, world) };
}

async function send({ url }: FuzzServer, world: FuzzWorld, input: Input): Promise<Answer> {
  const headers = headersOf(world, input);
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: input.body });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What it is told first: some streams have no end. */
async function subscribe({ url }: FuzzServer, world: FuzzWorld, input: Input): Promise<Answer> {
  const headers = headersOf(world, input);
  const hangingUp = new AbortController();
  const init = { method: 'POST', headers, body: input.body, signal: hangingUp.signal };
  const response = await fetch(`${url}/graphql/stream`, init);
  if (response.status !== 200)
    return { status: response.status, headers: response.headers, text: await response.text() };
  const { value } = await eventsIn(response).next();
  hangingUp.abort();
  return {
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: JSON.stringify(value?.data ?? {}),
  };
}
