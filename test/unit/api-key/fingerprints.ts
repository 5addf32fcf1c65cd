import { randomBytes } from 'node:crypto';
import { Secret } from '../../../src/secrets/secret.ts';
import { type Fingerprint, TenantKeys } from '../../../src/secrets/tenant-keys.ts';

const tenantKeys = new TenantKeys(new Map([[1, randomBytes(32)]]), randomBytes(32));

export function fingerprintOf(text: string): Fingerprint {
  return tenantKeys.fingerprint(new Secret(text));
}
