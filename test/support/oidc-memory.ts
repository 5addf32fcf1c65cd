import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** What an identity provider remembers, kept while it exchanges its keys. Nothing expires within a test. */
export function oidcMemory(): AdapterFactory {
  const payloads = new Map<string, AdapterPayload>();
  return (model): Adapter => ({
    upsert: async (id, payload) => void payloads.set(`${model}:${id}`, payload),
    find: async (id) => payloads.get(`${model}:${id}`),
    findByUid: async (uid) => [...payloads.values()].find((payload) => payload.uid === uid && payload.kind === model),
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const payload = payloads.get(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => void payloads.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [key, payload] of payloads) if (payload.grantId === grantId) payloads.delete(key);
    },
  });
}
