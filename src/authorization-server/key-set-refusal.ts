import type { RequestContext } from '../context.ts';
import { DomainError, PassingRefusal } from '../errors.ts';
import { OutboundError } from '../outbound/outbound-error.ts';
import { parseJwksUrl } from './authorization-server.ts';
import { type KeySetFailure, keySetFailure } from './key-set.ts';

const messages: Record<KeySetFailure, string> = {
  UNREADABLE:
    'The keys could not be read there. Check that the URL answers with a JSON Web Key Set over https from the public internet.',
  NO_KEYS: 'There is no public key for signatures in the key set. Check that the server signs with RSA, EC or Ed25519.',
  PRIVATE_KEYS:
    'The key set shows private keys to everybody. Take them out, and replace them: they are not secret any more.',
};

/** What stands against a JWKS URL, as it answers now; null when nothing does. */
export async function keySetRefusal(ctx: RequestContext, given: string): Promise<DomainError | null> {
  try {
    const answer = await ctx.outboundFetch(parseJwksUrl(given), { headers: { accept: 'application/json' } });
    const failure = answer.status === 200 ? keySetFailure(await answer.json()) : 'UNREADABLE';
    return failure === null ? null : refusalFor(failure);
  } catch (error) {
    if (error instanceof DomainError) return error;
    if (!(error instanceof OutboundError) && !(error instanceof SyntaxError)) throw error;
    ctx.log.info({ requestId: ctx.requestId, err: error }, 'a key set was not accepted');
    return refusalFor('UNREADABLE');
  }
}

function refusalFor(failure: KeySetFailure): DomainError {
  return new PassingRefusal('VALIDATION_FAILED', messages[failure], ['jwksUrl']);
}
