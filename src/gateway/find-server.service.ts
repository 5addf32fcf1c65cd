import {
  findStandingServers,
  findStandingServersByName,
  type StandingServer,
} from '../authorization-server/standing-server.repository.ts';
import type { FindStandingServer } from '../authorization-server/verify-access-token.ts';
import type { Database } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import type { OrganizationRef } from '../ids.ts';
import { Batcher } from './batcher.ts';
import { unavailable, withinTime } from './within-time.ts';

const LIMITS = { most: 500, enough: 500 };

/** Looks up whose tokens are to be believed: for those that come at the same time at once, since anybody can send any token. */
export function createFindServer(database: Database): FindStandingServer {
  const byId = new Batcher<OrganizationRef & { readonly scope: Scope }, StandingServer | null>(
    (asked) => {
      const scope = scopeOf(asked);
      return database.read(scope, (tx) => findStandingServers(tx, scope, asked));
    },
    LIMITS,
    unavailable,
  );
  const byName = new Batcher<{ readonly externalId: string; readonly scope: Scope }, StandingServer | null>(
    (asked) => {
      const scope = scopeOf(asked);
      const externalIds = asked.map(({ externalId }) => externalId);
      return database.read(scope, (tx) => findStandingServersByName(tx, scope, externalIds));
    },
    LIMITS,
    unavailable,
  );
  return (scope, organization) => {
    const line = JSON.stringify(scope);
    return withinTime((until) =>
      'externalId' in organization
        ? byName.add(line, { ...organization, scope }, until)
        : byId.add(line, { ...organization, scope }, until),
    );
  };
}

/** Those of one line have the same. */
function scopeOf([first]: readonly { readonly scope: Scope }[]): Scope {
  if (first === undefined) throw new Error('a batch is never empty');
  return first.scope;
}
