import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { AWAY_RETRY_SECONDS, DomainError, type ErrorCode, httpStatusOf, RateLimitedError } from '../errors.ts';

export interface Failure {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * What an error is to whoever asked, in whatever form a route says it. The answer gets `Retry-After` where another attempt is
 * worth it, and the log what is our own fault.
 */
export function failWith(
  { database, log }: Services,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Failure {
  const isDatabaseAway = database.isAway(error);
  const status = isDatabaseAway ? 503 : statusOf(error);
  if (status >= 500) log.error({ err: error, requestId: request.id }, 'request failed');
  if (error instanceof RateLimitedError) reply.header('retry-after', error.retryAfterSeconds);
  if (isDatabaseAway) reply.header('retry-after', AWAY_RETRY_SECONDS);
  reply.code(status);
  const { code, message } = error instanceof DomainError ? error : describe(status);
  return { status, code, message };
}

function statusOf(error: unknown): number {
  if (error instanceof DomainError) return httpStatusOf(error.code);
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
}

/** What went wrong before any handler saw the request. The framework's own messages may quote the body. */
function describe(status: number): Pick<Failure, 'code' | 'message'> {
  if (status === 413) return { code: 'VALIDATION_FAILED', message: 'The body is too large. Send less at once.' };
  if (status === 415) return { code: 'VALIDATION_FAILED', message: 'Send the body as application/json.' };
  if (status === 503) return { code: 'INTERNAL', message: 'The server is busy or stopping. Try again.' };
  if (status < 500) return { code: 'VALIDATION_FAILED', message: 'The request is malformed.' };
  return { code: 'INTERNAL', message: 'Something went wrong here. Try again.' };
}
