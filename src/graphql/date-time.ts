import { GraphQLError, GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { isInstant } from '../instant.ts';

const { parseValue, parseLiteral, ...config } = GraphQLDateTime.toConfig();

/** Of instants that are taken (instant.ts). */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  ...config,
  description: 'RFC 3339, UTC.',
  serialize: (value) => {
    if (value instanceof Date) return value.toISOString();
    throw new TypeError('a DateTime field gives a Date');
  },
  parseValue: (value) => inRange(parseValue(value)),
  parseLiteral: (node, variables) => inRange(parseLiteral(node, variables)),
});

function inRange(date: Date): Date {
  if (isInstant(date)) return date;
  throw new GraphQLError('DateTime cannot represent a year outside 1 to 9999.');
}
