import { recordAudit } from '../audit/record-audit.ts';
import type { Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { PLATFORM_HOME, SYSTEM_ACTOR } from '../identity/actor.ts';
import { newId, type ServiceProviderId } from '../ids.ts';
import { insertDataKey, serializeDataKeys } from '../secrets/data-key.repository.ts';
import { dataKeyContext, makeDataKey, signingKeyContext } from '../secrets/data-key.ts';
import { SetupError } from '../setup-error.ts';
import {
  addToRotation,
  findRotation,
  finishRotation,
  insertRotation,
  lockOpenRotation,
} from './key-rotation.repository.ts';
import { resealRoot } from './reseal-root.ts';
import type { KeyRotation, RotationProgress, RotationResult } from './rotation.ts';
import {
  findUnrotatedRoots,
  lockDataKeys,
  lockForeignSigningKeys,
  rewrapDataKey,
  rewrapSigningKey,
} from './wrapped-key.repository.ts';

/**
 * Wraps every key anew under the current key encryption key, gives every root provider a new data key, seals everything
 * by it that older ones sealed, and deletes those. Servers go on reading and writing meanwhile. Each step is a short
 * transaction and can be done twice: a run that was killed is taken up where it was, and two processes at once share one.
 * Fingerprint keys stay: fingerprints of years are compared with each other, and of the strings that they were made of
 * only the present ones are known.
 * @throws SetupError without a key encryption key
 */
export async function rotateSecrets(
  services: Services,
  onProgress: (progress: RotationProgress) => void = () => undefined,
): Promise<RotationResult> {
  const { currentId } = services.keyRing.keyEncryptionKeys;
  if (currentId === null) {
    throw new SetupError('There is no key encryption key: set KEYWARD_KEY_ENCRYPTION_KEY (or …_FILE).');
  }
  const { rotation, isTakenUp } = await takeUp(services);
  const { startedAt } = rotation;
  const unreadable: string[] = [];
  const seen = new Set<ServiceProviderId>();
  let resealed = 0;
  // More than once around only for root providers that were created meanwhile by a server with the old key.
  for (;;) {
    const found = await inTransaction(services, (tx) => findUnrotatedRoots(tx, currentId, startedAt));
    const roots = found.filter((root) => !seen.has(root));
    if (roots.length === 0) break;
    for (const [rootsDone, root] of roots.entries()) {
      const report = (count: number) => {
        resealed += count;
        onProgress({ isTakenUp, startedAt, rootsDone, roots: roots.length, resealed });
      };
      report(0);
      const newest = await renewDataKey(services, rotation, root, currentId);
      unreadable.push(...(await resealRoot(services, rotation, root, newest, report)));
      seen.add(root);
    }
    onProgress({ isTakenUp, startedAt, rootsDone: roots.length, roots: roots.length, resealed });
  }
  await rewrapSigningKeys(services, rotation, currentId);
  const finished = await finish(services, rotation, unreadable.length);
  return { ...finished, unreadable };
}

function inTransaction<Result>({ database }: Services, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return database.withTransaction(PLATFORM_SCOPE, work);
}

function takeUp(services: Services): Promise<{ rotation: KeyRotation; isTakenUp: boolean }> {
  return inTransaction(services, async (tx) => {
    const open = await lockOpenRotation(tx);
    const rotation = open ?? (await insertRotation(tx, newId<'KeyRotation'>(), new Date()));
    return { rotation, isTakenUp: open !== null };
  });
}

function rewrapSigningKeys(services: Services, rotation: KeyRotation, currentId: string): Promise<void> {
  return inTransaction(services, async (tx) => {
    const keys = await lockForeignSigningKeys(tx, currentId);
    for (const key of keys) {
      const { keyEncryptionKeys } = services.keyRing;
      await rewrapSigningKey(tx, key.id, await keyEncryptionKeys.rewrap(key, signingKeyContext(key.id)));
    }
    await addToRotation(tx, rotation, { rewrapped: keys.length });
  });
}

/** Wraps the root provider's keys anew, and adds one to seal by unless this run did. @returns the newest version */
function renewDataKey(
  services: Services,
  rotation: KeyRotation,
  root: ServiceProviderId,
  currentId: string,
): Promise<number> {
  const { keyEncryptionKeys } = services.keyRing;
  return inTransaction(services, async (tx) => {
    await serializeDataKeys(tx, root);
    const keys = await lockDataKeys(tx, root);
    const foreign = keys.filter(({ keyEncryptionKeyId }) => keyEncryptionKeyId !== currentId);
    for (const key of foreign) {
      await rewrapDataKey(tx, root, key, await keyEncryptionKeys.rewrap(key, dataKeyContext(root, key)));
    }
    await addToRotation(tx, rotation, { rewrapped: foreign.length });
    const newest = keys.findLast(({ purpose }) => purpose === 'ENCRYPTION');
    if (newest !== undefined && newest.createdAt >= rotation.startedAt) return newest.version;
    const version = (newest?.version ?? 0) + 1;
    // Not before the run began, whatever the clock of this machine says: by that it is known to be the run's.
    const createdAt = new Date(Math.max(Date.now(), rotation.startedAt.getTime()));
    await insertDataKey(tx, root, await makeDataKey(keyEncryptionKeys, root, 'ENCRYPTION', version), createdAt);
    return version;
  });
}

/** Whoever ends the run writes it down, once. */
function finish(services: Services, rotation: KeyRotation, unreadable: number): Promise<KeyRotation> {
  const now = new Date();
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: newId<'Run'>(), now, ipAddress: null };
  return inTransaction(services, async (tx) => {
    const finished = await finishRotation(tx, rotation, now);
    if (finished === null) return findRotation(tx, rotation);
    const { rewrapped, resealed } = finished;
    await recordAudit(tx, ctx, {
      action: 'secrets.rotate',
      subject: PLATFORM_HOME,
      target: null,
      result: 'OK',
      before: null,
      after: { startedAt: rotation.startedAt.toISOString(), rewrapped, resealed, unreadable },
      note: null,
    });
    return finished;
  });
}
