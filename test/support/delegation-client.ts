import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { DelegationRef } from '../../src/ids.ts';
import { createDelegationWorld } from './delegations.ts';
import type { TestStaff } from './fixtures.ts';
import { bearer, type Client, clientWith, type GraphQLAnswer } from './graphql-client.ts';
import { test as graphqlTest } from './graphql-world.ts';

export function delegationId({ rootProviderId, delegationId: id }: DelegationRef): string {
  return encodeGlobalId('Delegation', rootProviderId, id);
}

/** A test with a server for its file, the two sides of a delegation in it, and a way to act under one. */
export const test = graphqlTest
  .extend('both', ({ world }) => createDelegationWorld(world))
  .extend('actUnder', ({ server }) => {
    return async (staff: TestStaff, delegation: DelegationRef | string): Promise<Client> => {
      const id = typeof delegation === 'string' ? delegation : delegationId(delegation);
      return clientWith(server.url, { ...(await bearer(server.url, staff)), 'x-keyward-delegation': id });
    };
  });

/** One field of every node of a list, sorted. @throws Error when there is no list */
export function valuesAt(answer: GraphQLAnswer, list: string, field: string): string[] {
  const nodes = answer.at(list);
  if (!Array.isArray(nodes)) throw new Error(`no ${list} in ${answer.text}`);
  return nodes.map((_, index) => String(answer.at(`${list}.${index}.${field}`))).sort();
}
