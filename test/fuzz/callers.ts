import fc from 'fast-check';
import type { FuzzWorld } from './world.ts';

/** Who sends a request. The token itself is not in the input: no test output shows one. */
export interface Caller {
  /** Which of the world's people; null: nobody. */
  readonly person: number | null;
  /** Where its token is spoilt. */
  readonly spoiltAt: number | null;
}

export const callersOf = ({ tokens }: FuzzWorld): fc.Arbitrary<Caller> =>
  fc.record({
    person: fc.option(fc.nat(tokens.length - 1), { freq: 40 }),
    spoiltAt: fc.tuple(fc.nat(20), fc.nat(400)).map(([chance, at]) => (chance === 0 ? at : null)),
  });

export function tokenOf({ person, spoiltAt }: Caller, { tokens }: FuzzWorld): string | null {
  const token = person === null ? undefined : tokens[person];
  if (token === undefined) return null;
  return spoiltAt === null ? token : `${token.slice(0, spoiltAt)}A${token.slice(spoiltAt + 1)}`;
}

export function bearerOf(caller: Caller, world: FuzzWorld): Record<string, string> {
  const token = tokenOf(caller, world);
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
