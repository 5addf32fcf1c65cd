// Writes x.graphql.ts beside every x.graphql: its operations, checked against schema.graphql, with their types.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildSchema, GraphQLError, Kind, parse, print, validate, visit } from 'graphql';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = fileURLToPath(new URL('src', import.meta.url));
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));

const config = {
  scalars: { DateTime: 'string', ID: 'string' },
  enumType: 'string-literal',
  skipTypename: true,
  immutableTypes: true,
  arrayInputCoercion: false,
  avoidOptionals: { field: true },
};

function problemsOf(file, document) {
  const names = document.definitions.map(({ name }) => name?.value);
  const unnamed = names.includes(undefined) ? ['Every operation needs a name.'] : [];
  return [
    ...unnamed,
    ...validate(schema, document).map((error) => new GraphQLError(error.message, error).toString()),
  ].map((problem) => `${relative(root, file)}: ${problem}`);
}

/** The fragments that a definition uses, and those that these use. */
function fragmentsOf(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment === undefined || found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, fragments, found);
    },
  });
  return found;
}

function documentsOf(document) {
  const fragments = new Map(
    document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((each) => [each.name.value, each]),
  );
  return document.definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      const text = [operation, ...fragmentsOf(operation, fragments)].map(print).join('\n');
      const name = operation.name.value;
      const suffix = operation.operation[0].toUpperCase() + operation.operation.slice(1);
      return `export const ${name}Document = gql<${name}${suffix}, ${name}${suffix}Variables>(\`${text}\`);\n`;
    });
}

function parsed(file) {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return error instanceof GraphQLError ? `${relative(root, file)}: ${error}` : Promise.reject(error);
  }
}

async function generate(file) {
  const document = await parsed(file);
  const problems = typeof document === 'string' ? [document] : problemsOf(file, document);
  if (problems.length > 0) return problems;
  const types = await codegen({
    schema: parse(readFileSync(join(root, 'schema.graphql'), 'utf8')),
    schemaAst: schema,
    documents: [{ location: file, document }],
    filename: `${file}.ts`,
    config,
    plugins: [{ typescriptOperations: {} }],
    pluginMap: { typescriptOperations },
    skipDocumentsValidation: true,
  });
  const head = `// Generated from ${basename(file)}. Do not edit.\nimport { gql } from '@urql/core';\n\n`;
  const text = `${head}${types.trim()}\n\n${documentsOf(document).join('\n')}`;
  if (!existsSync(`${file}.ts`) || readFileSync(`${file}.ts`, 'utf8') !== text) writeFileSync(`${file}.ts`, text);
  return [];
}

/** @throws Error that names the operations which do not fit the schema */
export async function generateDocuments() {
  const files = readdirSync(sources, { recursive: true }).map((file) => join(sources, file));
  const documents = files.filter((file) => file.endsWith('.graphql'));
  for (const file of files.filter((each) => each.endsWith('.graphql.ts'))) {
    if (!existsSync(join(dirname(file), basename(file, '.ts')))) rmSync(file);
  }
  const problems = (await Promise.all(documents.map(generate))).flat();
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generateDocuments().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
