import { OutboundError } from '../outbound/outbound-error.ts';
import type { OutboundFetch } from '../outbound/outbound-fetch.ts';
import type { Attempt } from './delivery.ts';

const USER_AGENT = 'Keyward-Webhooks/1';

/**
 * One request by the way that leads to public addresses only. No redirect is followed, and nothing of the answer is kept
 * but its status: who sees the log may not be who owns the address.
 * @throws Error when it was broken off by the signal: then it is not known what came of it
 */
export async function postWebhook(
  outboundFetch: OutboundFetch,
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Attempt> {
  try {
    const request = { method: 'POST', headers: { 'user-agent': USER_AGENT, ...headers }, body, signal } as const;
    const { status } = await outboundFetch(url, { ...request, longBody: 'CUT_OFF' });
    const error = status >= 200 && status < 300 ? null : `it answered ${status}`;
    return { responseStatus: status, error };
  } catch (error) {
    if (error instanceof OutboundError) return { responseStatus: null, error: error.message };
    throw error;
  }
}
