import type { FastifyRequest } from 'fastify';
import { validationFailed } from '../errors.ts';
import type { StreamRequest } from '../graphql/run-stream.ts';

type Fields = Readonly<Record<string, unknown>>;

/** In the body of a POST as in the query of a GET, which has the variables as JSON. @throws DomainError `VALIDATION_FAILED` */
export function parseStreamRequest(request: FastifyRequest): StreamRequest {
  const given = request.method === 'GET' ? fromUrl(request.query) : request.body;
  const { query, operationName, variables } = isFields(given) ? given : {};
  if (typeof query !== 'string') throw validationFailed('query', 'Send the subscription as "query", a text.');
  if (operationName != null && typeof operationName !== 'string') {
    throw validationFailed('operationName', 'The name of the operation must be a text.');
  }
  if (variables != null && !isFields(variables)) {
    throw validationFailed('variables', 'The variables must be an object in JSON.');
  }
  return { query, operationName: operationName ?? null, variables: variables ?? {} };
}

function fromUrl(query: unknown): Fields {
  if (!isFields(query)) return {};
  const { variables } = query;
  return { ...query, variables: typeof variables === 'string' && variables !== '' ? parseJson(variables) : null };
}

/** Text that is no JSON is kept, and refused as any other that is no object. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
