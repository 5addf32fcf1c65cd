import { describe, expect } from 'vitest';
import { createSchema } from '../../src/graphql/schema.ts';
import { bearerOf } from './callers.ts';
import { type Operation, operationsOf } from './documents.ts';
import { type Input, inputsOf } from './graphql-inputs.ts';
import { Oracle } from './oracle.ts';
import { fuzz, SEED, TIMEOUT_MS } from './settings.ts';
import { type FuzzServer, type FuzzWorld, test } from './world.ts';

/** Every query or every mutation of the schema: a new one is fuzzed without being listed anywhere. */
export function fuzzOperations(kind: Operation['kind']): void {
  describe(`with any input (seed ${SEED})`, () => {
    test.for(operationsOf(createSchema(), kind))(
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
              const found = oracle.complaintsAbout(await send(server, world, input));
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

async function send({ url }: FuzzServer, world: FuzzWorld, { by, delegation, body }: Input) {
  const under = delegation === null ? {} : { 'x-keyward-delegation': delegation };
  const headers = { ...under, 'content-type': 'application/json', ...bearerOf(by, world) };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
