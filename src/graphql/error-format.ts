import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { DomainError, type ErrorCode, errorCodes } from '../errors.ts';
import { complexityMessage } from './limits.ts';

const INTERNAL_MESSAGE =
  'Something went wrong here. Try again; if it goes on, tell support the x-request-id of this answer.';

/**
 * Every top-level error as a client sees it: a code of the closed list, and a message without stack, SQL, value or key
 * string. @param onInternal gets what nobody foresaw, for the log
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  onInternal: (error: unknown) => void,
): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  const place = { ...only('locations', formatted.locations), ...only('path', formatted.path) };
  if (cause instanceof DomainError) return { message: cause.message, ...place, extensions: { code: cause.code } };
  const { code, message } = classify(formatted);
  if (code === 'INTERNAL') onInternal(cause);
  return { message, ...place, extensions: { code } };
}

function classify({ message, extensions }: GraphQLFormattedError): { code: ErrorCode; message: string } {
  const given = errorCodes.find((code) => code === extensions?.['code']);
  if (given !== undefined && given !== 'INTERNAL') return { code: given, message };
  const tooComplex = complexityMessage(message);
  if (tooComplex !== null) return { code: 'QUERY_TOO_COMPLEX', message: tooComplex };
  switch (extensions?.['code']) {
    case 'GRAPHQL_PARSE_FAILED':
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'BAD_USER_INPUT':
    case 'BAD_REQUEST':
    case 'OPERATION_RESOLUTION_FAILURE':
      return { code: 'VALIDATION_FAILED', message: withoutValues(message) };
    default:
      return { code: 'INTERNAL', message: INTERNAL_MESSAGE };
  }
}

/**
 * graphql-js quotes what it was given, and what it was given may be a key string: `got invalid value "…" at "input.x";
 * String cannot represent a non string value: …`, `found String "…"`. The place and the reason stay.
 */
export function withoutValues(message: string): string {
  return message
    .replace(
      / got invalid value [\s\S]*?( at "[\w.[\]]+")?; ([\s\S]*)$/,
      (_, place: string | undefined, reason: string) => {
        return ` got an invalid value${place ?? ''}; ${reason}`;
      },
    )
    .replace(/ got invalid value (?!.*;)[\s\S]*$/, ' got an invalid value.')
    .replace(/\b(\w+) cannot represent [\s\S]*$/, '$1 cannot represent this value.')
    .replace(/\b(String|BlockString|Int|Float|Name|Comment) "[\s\S]*$/, '$1.')
    .replace(/, found [\s\S]*$/, '.')
    .replace(/Value "[\s\S]*" does not exist in/, 'The value does not exist in')
    .replace(/Enum "(\w+)" cannot represent[\s\S]*$/, 'Enum "$1" cannot represent this value.')
    .replace(/ Did you mean [\s\S]*$/, '');
}

function only<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
