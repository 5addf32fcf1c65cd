import { apiKeyStatuses, disablementSourceNames } from '../api-key/api-key.ts';
import { auditActions } from '../audit/audit-event.ts';
import { bulkOperationStatuses, syncAtomicities } from '../bulk-operation/bulk-operation.ts';
import { subscriptionStatuses } from '../subscription/subscription.ts';
import {
  answers,
  count,
  type Feature,
  globalId,
  instant,
  nullableInstant,
  object,
  otherwise,
  type Parameter,
  type Response,
  ref,
  refused,
  type Schema,
  signedIn,
} from './openapi.ts';

const text = { type: 'string' };
const severalOf = (values: readonly string[]): Schema => ({ type: 'array', items: { enum: values } });
const inQuery = (name: string, description: string, schema: Schema = text): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const operationId: Parameter = {
  name: 'operationId',
  in: 'path',
  required: true,
  description: 'Of the import.',
  schema: text,
};

function file(description: string, ...mediaTypes: string[]): Response {
  return {
    description,
    headers: { 'Content-Disposition': { description: 'A name for the file.', schema: text } },
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: text }])),
  };
}

const importForm: Schema = object(
  {
    serviceProviderId: { ...globalId, description: 'The provider that the organizations are to belong to.' },
    atomicity: { enum: syncAtomicities, default: 'ALL_OR_NOTHING' },
    dryRun: { enum: ['true', 'false'], default: 'false' },
    idempotencyKey: text,
    file: { type: 'string', contentMediaType: 'text/csv' },
  },
  ['atomicity', 'dryRun', 'idempotencyKey'],
);

const started = { Location: { description: 'Where to ask how far it is.', schema: text } };

export const files: Feature = {
  schemas: {
    Import: object({
      operationId: globalId,
      status: { enum: bulkOperationStatuses },
      atomicity: { enum: syncAtomicities },
      dryRun: { type: 'boolean' },
      total: count,
      done: count,
      changed: count,
      unchanged: count,
      refused: count,
      failure: { type: ['string', 'null'] },
      createdAt: instant,
      finishedAt: nullableInstant,
    }),
    BrokenFile: object({
      code: text,
      message: text,
      errors: {
        type: 'array',
        items: object({
          message: text,
          extensions: object(
            { code: text, row: { type: ['integer', 'null'], minimum: 1 }, column: { type: ['string', 'null'] } },
            ['row', 'column'],
          ),
        }),
      },
    }),
  },
  paths: {
    '/imports/organizations': {
      post: {
        operationId: 'importOrganizations',
        tags: ['Files'],
        summary: 'Makes organizations of the rows of a CSV file',
        security: signedIn,
        requestBody: { required: true, content: { 'multipart/form-data': { schema: importForm } } },
        responses: {
          200: answers('It is imported.', ref('Import'), started),
          202: answers('That goes on.', ref('Import'), started),
          400: answers('The form or the file is wrong; where in the file is said with it.', ref('BrokenFile')),
          401: refused.unauthenticated,
          403: refused.forbidden,
          404: refused.notFound,
          default: otherwise,
        },
      },
    },
    '/imports/{operationId}': {
      get: {
        operationId: 'readImport',
        tags: ['Files'],
        summary: 'How far an import is',
        security: signedIn,
        parameters: [operationId],
        responses: {
          200: answers('The import.', ref('Import')),
          401: refused.unauthenticated,
          403: refused.forbidden,
          404: refused.notFound,
          default: otherwise,
        },
      },
    },
    '/imports/{operationId}/report': {
      get: {
        operationId: 'readImportReport',
        tags: ['Files'],
        summary: 'What became of each row',
        security: signedIn,
        parameters: [operationId],
        responses: {
          200: file('A line for each row, or for each error of a row.', 'text/csv'),
          401: refused.unauthenticated,
          403: refused.forbidden,
          404: refused.notFound,
          default: otherwise,
        },
      },
    },
    '/exports/organizations': {
      get: {
        operationId: 'exportOrganizations',
        tags: ['Files'],
        summary: 'The organizations in sight as a file, without key strings',
        security: signedIn,
        parameters: [
          inQuery('format', 'csv.', { const: 'csv' }),
          inQuery('columns', 'Names of columns, with commas between them.'),
          inQuery('search', 'Part of the name or of the external id.'),
          inQuery('serviceProviderId', 'Those of a provider and of whoever is below it.'),
          inQuery('groupId', 'Those of a saved group.'),
          inQuery('apiKeyStatus', 'Any of these.', severalOf(apiKeyStatuses)),
          inQuery('disablementSource', 'Any of these.', severalOf(disablementSourceNames)),
          inQuery('subscriptionStatus', 'Any of these.', severalOf(subscriptionStatuses)),
          inQuery('fingerprint', 'Those with this string.'),
          inQuery('fingerprintNot', 'Those with another string.'),
        ],
        responses: {
          200: file('A line for each organization.', 'text/csv'),
          400: refused.invalid,
          401: refused.unauthenticated,
          403: refused.forbidden,
          default: otherwise,
        },
      },
    },
    '/audit/export': {
      get: {
        operationId: 'exportAuditEvents',
        tags: ['Files'],
        summary: 'The audit trail in sight as a file',
        security: signedIn,
        parameters: [
          inQuery('format', 'A JSON object on each line, or CSV.', { enum: ['ndjson', 'csv'], default: 'ndjson' }),
          inQuery('since', 'From then on.', instant),
          inQuery('until', 'Before then.', instant),
          inQuery('serviceProviderId', 'Of this provider and the resellers below it.', globalId),
          inQuery('organizationId', 'Of this organization.', globalId),
          inQuery('actorId', 'By this actor.', globalId),
          inQuery('action', 'Any of these.', severalOf(auditActions)),
        ],
        responses: {
          200: file('The events, the oldest first.', 'application/x-ndjson', 'text/csv'),
          400: refused.invalid,
          401: refused.unauthenticated,
          403: refused.forbidden,
          default: otherwise,
        },
      },
    },
  },
};
