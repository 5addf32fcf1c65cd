import { clientWith } from './graphql-client.ts';
import type { TestServer } from './test-installation.ts';

export const REFUSED = [401, 'UNAUTHENTICATED', undefined];

/** Status, code and the viewer's role, as a server answers somebody who shows this token. */
export async function answerTo(
  { url }: Pick<TestServer, 'url'>,
  token: string,
): Promise<[number, string | undefined, unknown]> {
  const answer = await clientWith(url, { authorization: `Bearer ${token}` }).query('{ viewer { role } }');
  return [answer.status, answer.errors[0]?.extensions.code, answer.at('viewer.role')];
}
