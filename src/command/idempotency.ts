import { DomainError, type ErrorCode, PassingRefusal, validationFailed } from '../errors.ts';

const LONGEST_KEY = 200;

/** What is kept of a command's first answer: a reference to what it made or changed, or its refusal. No key string. */
export type StoredAnswer<Answer> =
  | { readonly answer: Answer }
  | {
      readonly refusal: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly field: readonly string[] | null;
      };
    };

/** @throws DomainError `VALIDATION_FAILED` */
export function checkIdempotencyKey(key: string): void {
  if (key.trim() === '' || key.length > LONGEST_KEY || !/^[\x20-\x7e]+$/.test(key)) {
    throw validationFailed('idempotencyKey', `Give 1 to ${LONGEST_KEY} printable ASCII characters.`);
  }
}

/** For want of the keys, because of another command, of too many, or of a dry run that is being made. */
const passingCodes: ReadonlySet<ErrorCode> = new Set([
  'SECRETS_UNAVAILABLE',
  'BUSY',
  'RATE_LIMITED',
  'APPROVAL_NOT_READY',
]);

/** Whether a refusal is an answer to give again: not that of the idempotency key itself, nor what passes by itself. */
export function isToBeReplayed(refusal: DomainError): boolean {
  const passes = passingCodes.has(refusal.code) || refusal instanceof PassingRefusal;
  return !passes && refusal.field?.[0] !== 'idempotencyKey';
}

export function refusalToStore(refusal: DomainError): StoredAnswer<never> {
  return { refusal: { code: refusal.code, message: refusal.message, field: refusal.field } };
}

/** Gives the first answer again. @throws DomainError the first refusal, or `IDEMPOTENCY_KEY_REUSED` */
export function replay<Answer>(
  stored: { action: string; inputHash: Buffer; answer: unknown } | null,
  action: string,
  inputHash: Buffer,
): Answer {
  if (stored === null || stored.action !== action || !stored.inputHash.equals(inputHash)) {
    throw new DomainError(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used for another command or other input. Use a new one.',
      ['idempotencyKey'],
    );
  }
  const answer = stored.answer as StoredAnswer<Answer>; // written by refusalToStore or runCommand, under the same action
  if ('refusal' in answer) throw new DomainError(answer.refusal.code, answer.refusal.message, answer.refusal.field);
  return answer.answer;
}
