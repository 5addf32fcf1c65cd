import type { RequestContext } from '../context.ts';
import type { Loaders } from './loaders.ts';

/** What every resolver is given. */
export interface GraphQLContext extends RequestContext {
  readonly loaders: Loaders;
}
