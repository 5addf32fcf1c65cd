import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const NONCE_PLACE = '__CSP_NONCE__';
/** Its editor makes styles without a nonce and has fonts within its styles; scripts are as strict as elsewhere. */
const GRAPHIQL_PATH = '/graphiql';

/**
 * The console: its files, whose names change with their content, beneath `/assets/`, and its one page at every address that a
 * browser goes to and that is no route of the API. Whatever else is asked for, and every program, gets the API's 404.
 * @param folder what `npm run build` has made of web/
 */
export async function registerConsole(app: FastifyInstance, folder: string): Promise<void> {
  const page = readPage(join(folder, 'index.html'));
  const assets = join(folder, 'assets');
  if (page !== null && existsSync(assets)) {
    await app.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: '1y',
    });
  }
  app.get('/*', { exposeHeadRoute: false }, (request, reply) => {
    if (page === null || !isNavigation(request)) return reply.callNotFound();
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy(page.scriptHashes, isGraphiQL(request) ? null : nonce))
      .send(page.html.replace(NONCE_PLACE, nonce));
  });
}

interface Page {
  readonly html: string;
  /** Of the scripts that stand in the page itself. */
  readonly scriptHashes: readonly string[];
}

function readPage(file: string): Page | null {
  if (!existsSync(file)) return null;
  const html = readFileSync(file, 'utf8');
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script ?? '');
  const hash = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return { html, scriptHashes: scripts.map(hash) };
}

/** Goes somewhere, rather than asking for data. */
function isNavigation({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

function isGraphiQL({ url }: FastifyRequest): boolean {
  return url.split('?')[0] === GRAPHIQL_PATH;
}

/**
 * Everything from here and nothing else; styles that the page makes itself carry the nonce of this answer.
 * @param nonce null: any style may be made
 */
function contentSecurityPolicy(scriptHashes: readonly string[], nonce: string | null): string {
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...scriptHashes].join(' ')}`,
    `style-src 'self' ${nonce === null ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    `font-src 'self'${nonce === null ? ' data:' : ''}`,
    "connect-src 'self'",
    ...(nonce === null ? ["worker-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
