import { setTimeout as wait } from 'node:timers/promises';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import type { RequestContext, Services } from '../context.ts';
import { CSV_MEDIA_TYPE } from '../csv.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { decodeBulkOperationId } from '../graphql/global-id.ts';
import { sendDownload } from '../http/download.ts';
import { type ReceivedFile, receiveFile } from '../http/received-file.ts';
import { createRequestContext } from '../http/request-context.ts';
import type { BulkOperationRef } from '../ids.ts';
import { parseImportFields } from './import.input.ts';
import { reportHeader, toImportView, toReport } from './import.type.ts';
import { ImportFileError } from './import-file-error.ts';
import { readImport, readImportRows } from './read-import.service.ts';
import { runImport } from './run-import.service.ts';
import { startImport } from './start-import.service.ts';

const LARGEST_FILE_BYTES = 50 * 1024 * 1024;
/** Imports of so many rows are run while the caller waits, if they take no longer than that. */
const MOST_ROWS_AT_ONCE = 1000;
const LONGEST_WAIT_MS = 10_000;
const LOOK_AGAIN_MS = 50;
const LARGEST_FIELD_BYTES = 1000;
const MOST_FIELDS = 10;

/**
 * `POST /imports/organizations`, a form with one file: 200 when it is imported, 202 while that goes on.
 * `GET /imports/:operationId` says how far it is, and `GET /imports/:operationId/report` what became of each row.
 */
export async function registerImports(
  app: FastifyInstance,
  services: Services,
  authenticate: Authenticate,
): Promise<void> {
  await app.register(async (own) => {
    await own.register(multipart, {
      throwFileSizeLimit: false,
      limits: { fileSize: LARGEST_FILE_BYTES, fieldSize: LARGEST_FIELD_BYTES, files: 1, fields: MOST_FIELDS },
    });
    const options = { bodyLimit: 2 * LARGEST_FILE_BYTES, config: { bodyMayBeSlow: true } };
    own.post('/imports/organizations', options, async (request, reply) => {
      const ctx = await createRequestContext(request, services, authenticate);
      const { file, fields } = await receiveForm(request);
      await using _ = file;
      try {
        const ref = await startImport(ctx, { ...parseImportFields(fields), file });
        return await answer(ctx, reply, ref);
      } catch (error) {
        if (!(error instanceof ImportFileError)) throw error;
        return answerBrokenFile(reply, error);
      }
    });
  });
  app.get<WithId>('/imports/:operationId', { exposeHeadRoute: false }, async (request, reply) => {
    const ctx = await createRequestContext(request, services, authenticate);
    const operation = await readImport(ctx, decodeBulkOperationId(request.params.operationId));
    return reply.header('cache-control', 'no-store').send(toImportView(operation));
  });
  app.get<WithId>('/imports/:operationId/report', { exposeHeadRoute: false }, async (request, reply) => {
    const ctx = await createRequestContext(request, services, authenticate);
    const operation = await readImport(ctx, decodeBulkOperationId(request.params.operationId));
    const parts = reportOf(ctx, operation);
    const download = { name: 'import', extension: 'csv', mediaType: CSV_MEDIA_TYPE, at: ctx.now, parts };
    return sendDownload(services.log, request, reply, download);
  });
}

interface WithId {
  Params: { readonly operationId: string };
}

interface ReceivedForm {
  readonly file: ReceivedFile;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** @throws DomainError `VALIDATION_FAILED`; Error when the client breaks off, or the file cannot be kept here */
async function receiveForm(request: FastifyRequest): Promise<ReceivedForm> {
  if (!request.isMultipart()) throw validationFailed('file', 'Send a form (multipart/form-data) with one file.');
  try {
    return await receiveParts(request);
  } catch (error) {
    const isOurs = error instanceof DomainError || (error instanceof Error && 'syscall' in error);
    if (isOurs || request.raw.errored !== null) throw error;
    throw validationFailed('form', 'The form is malformed. Send multipart/form-data as curl -F does.');
  }
}

async function receiveParts(request: FastifyRequest): Promise<ReceivedForm> {
  await using cleanup = new AsyncDisposableStack();
  const fields = new Map<string, unknown>();
  let file: ReceivedFile | null = null;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (fields.has(part.fieldname)) throw validationFailed(part.fieldname, 'Give each field once.');
      fields.set(part.fieldname, part.value);
      continue;
    }
    file = cleanup.use(await receiveFile(part.file));
    if (part.file.truncated) {
      throw validationFailed('file', `A file has at most ${LARGEST_FILE_BYTES / 1024 / 1024} MB.`);
    }
  }
  if (file === null) throw validationFailed('file', 'The form has no file.');
  cleanup.move();
  return { file, fields };
}

async function answer(ctx: RequestContext, reply: FastifyReply, ref: BulkOperationRef): Promise<FastifyReply> {
  const started = await readImport(ctx, ref);
  const operation = started.total <= MOST_ROWS_AT_ONCE ? await runAtOnce(ctx, ref) : started;
  const view = toImportView(operation);
  reply.header('location', `/imports/${view.operationId}`);
  return reply.code(operation.finishedAt === null ? 202 : 200).send(view);
}

/** The background may have been faster, or another import be at the provider: either is waited for, for a while. */
async function runAtOnce(ctx: RequestContext, ref: BulkOperationRef): Promise<BulkOperation> {
  const endsAt = performance.now() + LONGEST_WAIT_MS;
  const isLate = () => performance.now() > endsAt;
  for (;;) {
    await runImport(ctx, ref, isLate);
    const operation = await readImport(ctx, ref);
    if (operation.finishedAt !== null || isLate()) return operation;
    await wait(LOOK_AGAIN_MS);
  }
}

/** As every error, and with its place in the file. */
function answerBrokenFile(reply: FastifyReply, { code, message, row, column }: ImportFileError): FastifyReply {
  return reply.code(400).send({ code, message, errors: [{ message, extensions: { code, row, column } }] });
}

async function* reportOf(ctx: RequestContext, operation: BulkOperation): AsyncGenerator<string> {
  yield reportHeader;
  for await (const rows of readImportRows(ctx, operation)) yield toReport(operation, rows);
}
