import { z } from 'zod';
import type { OutboundFetch } from '../outbound/outbound-fetch.ts';

const metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  authorization_endpoint: z.string().exactOptional(),
  token_endpoint: z.string().exactOptional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).exactOptional(),
  id_token_signing_alg_values_supported: z.array(z.string()).exactOptional(),
  authorization_response_iss_parameter_supported: z.boolean().exactOptional(),
});
/** What an issuer publishes of itself (OpenID Connect Discovery 1.0, RFC 8414), as far as it is of use here. */
export type IssuerMetadata = z.infer<typeof metadata>;

export type DiscoveryFailure = 'UNREADABLE' | 'OTHER_ISSUER' | 'NO_KEYS';

export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';

  readonly failure: DiscoveryFailure;

  constructor(failure: DiscoveryFailure, options?: ErrorOptions) {
    super(`discovery failed: ${failure}`, options);
    this.failure = failure;
  }
}

/** @throws DiscoveryError */
export async function discoverIssuer(outboundFetch: OutboundFetch, issuer: string): Promise<IssuerMetadata> {
  const document = await readDocument(outboundFetch, issuer);
  const { success, data, error } = metadata.safeParse(document);
  if (success && data.issuer === issuer) return data;
  if (success) throw new DiscoveryError('OTHER_ISSUER');
  throw new DiscoveryError(error.issues.some(({ path }) => path[0] !== 'jwks_uri') ? 'UNREADABLE' : 'NO_KEYS');
}

/** Its document says where its keys are. @throws DiscoveryError */
export async function locateKeys(outboundFetch: OutboundFetch, issuer: string): Promise<string> {
  const { jwks_uri: url } = await discoverIssuer(outboundFetch, issuer);
  return url;
}

async function readDocument(outboundFetch: OutboundFetch, issuer: string): Promise<unknown> {
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await outboundFetch(url, { headers: { accept: 'application/json' } });
    if (answer.status === 200) return await answer.json();
  } catch (cause) {
    throw new DiscoveryError('UNREADABLE', { cause });
  }
  throw new DiscoveryError('UNREADABLE');
}
