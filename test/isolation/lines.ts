import type { Database } from '../../src/database/database.ts';
import { PLATFORM_SCOPE, type Scope } from '../../src/database/scope.ts';
import type { GraphQLContext } from '../../src/graphql/graphql-context.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { permissions } from '../../src/identity/permissions.ts';
import { contextOf } from '../support/fixtures.ts';
import type { Caller } from './callers.ts';
import type { World } from './world.ts';

/** The two lines of isolation: what the services ask, and row-level security. */
export interface Lines {
  readonly services: boolean;
  readonly rows: boolean;
}

/**
 * The context of a request with a line switched off. Without the services' line they are told that the caller is the
 * platform and may do everything, while every transaction still has the caller's scope. Without that of the rows it is
 * the other way round.
 */
export function contextWith({ keyward }: World, { actor }: Caller, lines: Lines): GraphQLContext {
  const { services } = keyward;
  const asked: Actor = lines.services
    ? { ...actor, scope: { ...actor.scope } }
    : { ...actor, scope: { ...PLATFORM_SCOPE }, authority: 'PLATFORM', permissions: new Set(permissions) };
  const database = redirected(services.database, asked.scope, lines.rows ? actor.scope : PLATFORM_SCOPE);
  const ctx = contextOf({ ...services, database }, asked);
  return { ...ctx, loaders: createLoaders(ctx) };
}

/** Gives one scope, known by its identity, for another; whoever names a scope of their own gets that one. */
function redirected(database: Database, from: Scope, to: Scope): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) =>
        value.apply(
          target,
          given.map((argument) => (argument === from ? to : argument)),
        );
    },
  });
}
