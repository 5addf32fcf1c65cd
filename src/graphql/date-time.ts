import { GraphQLError, GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

const { parseValue, parseLiteral, ...config } = GraphQLDateTime.toConfig();

/** RFC 3339, UTC, in the years 1 to 9999: what the database can keep and an answer can be written in. */
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
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return date;
  throw new GraphQLError('DateTime cannot represent a year outside 1 to 9999.');
}
