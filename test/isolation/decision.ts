import type { Permission } from '../../src/identity/permissions.ts';
import type { Level, Target, Thing } from './things.ts';
import { levels } from './things.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** @param own the tenant that the caller stands at, for what has to be named besides */
export type VariablesFor = (target: Target, own: Target) => Variables;

/** One way in which a request can name a tenant. */
export interface Ask {
  readonly by: string;
  readonly thing: Thing;
  readonly level: Level;
  readonly variables: VariablesFor;
  /** Whether what is out of sight answers, byte by byte, as what does not exist: all but cursors, which are positions. */
  readonly isLookUp: boolean;
  /** Whether it has to belong to the provider that is named besides, and is not found with another. */
  readonly isOfOwn: boolean;
}

/** What the matrix does with a field. */
export type Decision =
  /** Reads: nothing of a tenant out of sight is told, however it is named. */
  | { readonly kind: 'READ'; readonly asks: readonly Ask[] }
  /** Changes: `NOT_FOUND` and no trace when it is out of sight, `FORBIDDEN` without the permission. */
  | { readonly kind: 'COMMAND'; readonly needs: Permission; readonly asks: readonly Ask[]; readonly removes: boolean }
  /** Names no tenant: it is asked as it is, and tells nothing but of the caller's own. */
  | { readonly kind: 'UNNAMED'; readonly variables: Variables };

/** Names the tenant by a thing of its own. */
export function by(thing: Thing, variables: VariablesFor, more: Partial<Ask> = {}): Ask {
  return { by: thing, thing, level: levels[thing], variables, isLookUp: true, isOfOwn: false, ...more };
}

export function reads(...asks: readonly Ask[]): Decision {
  return { kind: 'READ', asks };
}

/** Takes the thing's id in one field of the input, and further input that would do if it were the caller's. */
export function commands(needs: Permission, ...asks: readonly Ask[]): Decision {
  return { kind: 'COMMAND', needs, asks, removes: false };
}

/** The thing is gone once somebody may do it. */
export function removes(needs: Permission, ...asks: readonly Ask[]): Decision {
  return { kind: 'COMMAND', needs, asks, removes: true };
}

export function unnamed(variables: Variables = {}): Decision {
  return { kind: 'UNNAMED', variables };
}

/** `input.<field>` is the thing's id. */
export function input(thing: Thing, field: string, more: Variables | VariablesFor = {}): Ask {
  return by(
    thing,
    (target, own) => {
      const rest = typeof more === 'function' ? more(target, own) : more;
      return { input: { [field]: target.ids[thing], ...rest } };
    },
    { by: `input.${field}` },
  );
}

/** An argument called `id`, or whatever it is called. */
export function id(thing: Thing, argument = 'id'): Ask {
  return by(thing, (target) => ({ [argument]: target.ids[thing] }));
}
