import { randomBytes } from 'node:crypto';
import type { ServiceProviderId } from '../ids.ts';
import type { KeyEncryptionKeys, Wrapped } from './key-encryption-keys.ts';

export type DataKeyPurpose = 'ENCRYPTION' | 'FINGERPRINT';

/** A root provider's own key as it is kept: wrapped. */
export interface DataKey extends Wrapped {
  readonly purpose: DataKeyPurpose;
  readonly version: number;
}

const DATA_KEY_BYTES = 32;

/** A new one from the system's random numbers. @throws DomainError `SECRETS_UNAVAILABLE` */
export async function makeDataKey(
  keyEncryptionKeys: KeyEncryptionKeys,
  rootProviderId: ServiceProviderId,
  purpose: DataKeyPurpose,
  version: number,
): Promise<DataKey> {
  const context = dataKeyContext(rootProviderId, { purpose, version });
  return { purpose, version, ...(await keyEncryptionKeys.wrap(randomBytes(DATA_KEY_BYTES), context)) };
}

/** Names the place of a wrapped key: moved to another root provider, purpose or version, it does not unwrap. */
export function dataKeyContext(
  rootProviderId: ServiceProviderId,
  { purpose, version }: Pick<DataKey, 'purpose' | 'version'>,
): string {
  return ['data-key', rootProviderId, purpose, version].join('|');
}

/** The same for a key that signs: moved to another row, it does not unwrap. */
export function signingKeyContext(id: string): string {
  return `signing-key|${id}`;
}
