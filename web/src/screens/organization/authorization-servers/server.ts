import type { AuthorizationServerCardFragment } from './authorization-servers.graphql.ts';

export type Server = AuthorizationServerCardFragment;
