import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/** `schema.graphql` as it is committed: sorted, so that a diff shows what changed and nothing else. */
export function printSortedSchema(schema: GraphQLSchema): string {
  return `# Written by "npm run schema" from the code. Do not edit.\n\n${printSchema(lexicographicSortSchema(schema))}\n`;
}
