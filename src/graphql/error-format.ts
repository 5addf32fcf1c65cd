import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { DomainError, type ErrorCode, errorCodes, RateLimitedError } from '../errors.ts';
import type { GraphqlMeter } from '../metrics/meter.ts';
import { complexityMessage } from './limits.ts';
import { withoutValues } from './without-values.ts';

const INTERNAL_MESSAGE =
  'Something went wrong here. Try again; if it goes on, tell support the x-request-id of this answer.';
/** graphql-js stops counting, and gives this one no code. */
const TOO_MANY_ERRORS = /^Too many errors processing variables/;
const INTROSPECTION_IS_OFF =
  'The schema cannot be asked for here. Read schema.graphql of this version, or have KEYWARD_INTROSPECTION set to on.';

/** Is told of every error that a client sees. */
type ReportError = (code: ErrorCode, cause: unknown) => void;

export interface ErrorFormat {
  /** Whether a misspelt name is answered with the ones like it. */
  readonly suggestions: boolean;
  readonly report: ReportError;
}

/** Counts it; what nobody foresaw goes to the log as well. */
export function reportTo(log: Logger, meter: GraphqlMeter | null): ReportError {
  return (code, cause) => {
    meter?.failed(code);
    if (code === 'INTERNAL') log.error({ err: cause }, 'request failed');
  };
}

/** Every top-level error as a client sees it: a code of the closed list, and a message without stack, SQL, value or key string. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { suggestions, report }: ErrorFormat,
): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const place = { ...only('locations', formatted.locations), ...only('path', formatted.path) };
  if (cause instanceof DomainError) {
    report(cause.code, cause);
    return { message: cause.message, ...place, extensions: extensionsOf(cause) };
  }
  const { code, message } = classify(formatted, cause);
  report(code, cause);
  return { message: suggestions ? message : withoutSuggestion(message), ...place, extensions: { code } };
}

/** What a client can act on. */
export function extensionsOf(error: DomainError): { readonly code: ErrorCode; readonly retryAfterSeconds?: number } {
  if (!(error instanceof RateLimitedError)) return { code: error.code };
  return { code: error.code, retryAfterSeconds: error.retryAfterSeconds };
}

function classify(
  { message, extensions }: GraphQLFormattedError,
  cause: unknown,
): { code: ErrorCode; message: string } {
  if (extensions?.['validationErrorCode'] === 'INTROSPECTION_DISABLED') {
    return { code: 'VALIDATION_FAILED', message: INTROSPECTION_IS_OFF };
  }
  const given = errorCodes.find((code) => code === extensions?.['code']);
  if (given !== undefined && given !== 'INTERNAL') return { code: given, message };
  if (TOO_MANY_ERRORS.test(message)) {
    return { code: 'VALIDATION_FAILED', message: 'The variables hold still more that is wrong. Correct these first.' };
  }
  const tooComplex = complexityMessage(message);
  if (tooComplex !== null) return { code: 'QUERY_TOO_COMPLEX', message: tooComplex };
  switch (extensions?.['code']) {
    case 'GRAPHQL_PARSE_FAILED':
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'BAD_USER_INPUT':
    case 'BAD_REQUEST':
    case 'OPERATION_RESOLUTION_FAILURE':
      return {
        code: 'VALIDATION_FAILED',
        message: withoutValues(message, cause instanceof Error ? cause.message : ''),
      };
    default:
      return { code: 'INTERNAL', message: INTERNAL_MESSAGE };
  }
}

/** It names what the schema has, whoever asks. */
function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean [\s\S]*$/, '');
}

function only<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
