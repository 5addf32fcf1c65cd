import type { Scope } from '../database/scope.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { isProviderInSight } from '../service-provider/service-provider.sql.ts';

/** Grows a condition and its values together; `code` names the shape, for the prepared statement. */
export class Conditions {
  readonly sql: string[] = [];
  readonly values: unknown[] = [];
  code = '';

  /** @param write gets the placeholders of `values`, which are returned */
  add(code: string, values: readonly unknown[], write: (...placeholders: string[]) => string): readonly string[] {
    const placeholders = values.map((value) => `$${this.values.push(value)}`);
    this.sql.push(write(...placeholders));
    this.code += code;
    return placeholders;
  }

  /** All of them. */
  get where(): string {
    return ['true', ...this.sql].join(' and ');
  }
}

/**
 * The first line of isolation; row-level security is the second.
 * @param row alias of the table, `id` its organization's id
 * @returns the placeholder of the one root that is seen; undefined: all are, or none
 */
export function addScope(conditions: Conditions, scope: Scope, row: string, id: string): string | undefined {
  if (scope.level === 'PLATFORM') return undefined;
  if (scope.level !== 'PROVIDER' && scope.level !== 'ORGANIZATION') {
    conditions.add('x', [], () => 'false');
    return undefined;
  }
  const [root] = conditions.add('r', [scope.rootProviderId], (own) => `${row}.root_provider_id = ${own}`);
  // With a root begins every path of its rows. To say so would have the planner guess how many they are.
  if (scope.providerId !== scope.rootProviderId) {
    conditions.add('p', [scope.providerId], (provider) => `${provider} = any (${row}.provider_path)`);
  }
  if (scope.level === 'ORGANIZATION') {
    conditions.add('o', [scope.organizationIds], (ids) => `${id} = any (${ids}::uuid[])`);
  }
  return root;
}

/** Of a provider in sight and its subtree. @param row alias of the table */
export function addProvider(conditions: Conditions, scope: Scope, provider: ServiceProviderRef, row: string): void {
  const { rootProviderId, serviceProviderId } = provider;
  const ownId = 'providerId' in scope ? scope.providerId : null;
  conditions.add('t', [rootProviderId, serviceProviderId, ownId], (root = '', id = '', own = '') => {
    const isBelow = `${row}.root_provider_id = ${root} and ${id} = any (${row}.provider_path)`;
    return `${isBelow} and ${isProviderInSight(root, id, own)}`;
  });
}

/**
 * Of rows that are a provider's and no organization's: those in sight, or of one provider in sight and its subtree. An
 * organization's people see none.
 * @param row alias of the table
 */
export function ofProviders(scope: Scope, provider: ServiceProviderRef | null, row: string): Conditions {
  const conditions = new Conditions();
  addScope(conditions, scope, row, 'null::uuid');
  if (provider !== null) addProvider(conditions, scope, provider, row);
  return conditions;
}
