import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Secret } from '../secrets/secret.ts';

const SECRET_BYTES = 32;

/** In the form of Standard Webhooks: `whsec_` and base64. */
export function generateWebhookSecret(): Secret {
  return new Secret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
}

/** The secret that signs, and the one before it. */
export interface WebhookSecrets {
  readonly current: Secret;
  readonly previous: Secret | null;
}

/** Both as one, to be sealed together. */
export function joinSecrets({ current, previous }: WebhookSecrets): Secret {
  return new Secret([current, ...(previous === null ? [] : [previous])].map((secret) => secret.expose()).join('\n'));
}

export function splitSecrets(joined: Secret): WebhookSecrets {
  const [current = '', previous] = joined.expose().split('\n');
  return { current: new Secret(current), previous: previous === undefined ? null : new Secret(previous) };
}

/** Signs bodies for one endpoint. */
export type Sign = (id: string, body: string, now: Date) => Record<string, string>;

/** The headers of Standard Webhooks, with a signature by each of the secrets. */
export function signerOf(secrets: readonly Secret[]): Sign {
  const webhooks = secrets.map((secret) => new Webhook(secret.expose()));
  return (id, body, now) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhooks.map((webhook) => webhook.sign(id, now, body)).join(' '),
  });
}
