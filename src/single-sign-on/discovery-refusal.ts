import type { RequestContext } from '../context.ts';
import { DomainError, PassingRefusal } from '../errors.ts';
import { parseIssuer } from '../issuer.ts';
import { DiscoveryError, type DiscoveryFailure, discoverIssuer } from './discover-issuer.ts';

const messages: Record<DiscoveryFailure, string> = {
  UNREADABLE:
    'The discovery document of this issuer could not be read. Check that /.well-known/openid-configuration below it is JSON and can be had over https from the public internet.',
  OTHER_ISSUER:
    'The discovery document names another issuer. Give the issuer exactly as the document has it, slashes included.',
  NO_KEYS: 'The discovery document names no jwks_uri. Check that this is an OpenID provider that signs with keys.',
};

/** What stands against trusting an issuer, as it answers now; null when nothing does. */
export async function discoveryRefusal(ctx: RequestContext, given: string): Promise<DomainError | null> {
  try {
    await discoverIssuer(ctx.outboundFetch, parseIssuer(given));
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    if (!(error instanceof DiscoveryError)) throw error;
    ctx.log.info({ requestId: ctx.requestId, failure: error.failure, err: error.cause }, 'an issuer was not accepted');
    return new PassingRefusal('VALIDATION_FAILED', messages[error.failure], ['issuer']);
  }
}
