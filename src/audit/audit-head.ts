import type { KeyObject } from 'node:crypto';
import { CompactSign, compactVerify } from 'jose';
import { z } from 'zod';

/** How far a root provider's chain goes. */
export interface AuditHead {
  readonly rootProviderId: string;
  /** Of the last link; they count from 1. */
  readonly sequence: number;
  /** Of the last link. */
  readonly hash: Buffer;
  readonly sealedAt: Date;
}

export interface AuditHeadRow extends AuditHead {
  /** Null where nobody who sealed had the key. */
  readonly signature: string | null;
}

export interface SignedHead extends AuditHead {
  readonly signature: string;
}

export interface AuditSigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

export const AUDIT_KEY_ALGORITHM = 'EdDSA';
const TYPE = 'keyward-audit+jws';

/** @returns a compact JWS (RFC 7515) that holds the head itself */
export function signHead({ id: kid, privateKey }: AuditSigningKey, head: AuditHead): Promise<string> {
  const { rootProviderId: root, sequence, hash, sealedAt } = head;
  const payload = { root, sequence, hash: hash.toString('hex'), sealedAt: sealedAt.toISOString() };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: AUDIT_KEY_ALGORITHM, typ: TYPE, kid })
    .sign(privateKey);
}

const headForm = z.object({
  root: z.uuid(),
  sequence: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  sealedAt: z.iso.datetime(),
});

/** The head that was signed; null unless one of these keys signed it. */
export async function readSignedHead(
  signature: string,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<AuditHead | null> {
  try {
    const { payload, protectedHeader } = await compactVerify(
      signature,
      ({ kid }) => {
        const key = keys.get(kid ?? '');
        if (key === undefined) throw new Error('unknown key id');
        return key;
      },
      { algorithms: [AUDIT_KEY_ALGORITHM] },
    );
    if (protectedHeader.typ !== TYPE) return null;
    const { root, sequence, hash, sealedAt } = headForm.parse(JSON.parse(Buffer.from(payload).toString()));
    return { rootProviderId: root, sequence, hash: Buffer.from(hash, 'hex'), sealedAt: new Date(sealedAt) };
  } catch {
    return null;
  }
}

export function isSameHead(one: AuditHead, other: AuditHead): boolean {
  return (
    one.rootProviderId === other.rootProviderId &&
    one.sequence === other.sequence &&
    one.hash.equals(other.hash) &&
    one.sealedAt.getTime() === other.sealedAt.getTime()
  );
}
