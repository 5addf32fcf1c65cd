import type { TestServer } from './test-installation.ts';

function statementOf(line: string): string | null {
  const { statement, background } = JSON.parse(line) as { statement?: string; background?: true };
  return statement === undefined || background === true ? null : statement;
}

/** The names of the SQL statements that were sent while `work` ran, from the log. Nothing else may run beside it. */
export async function statementsOf(server: TestServer, work: () => Promise<unknown>): Promise<string[]> {
  const earlier = server.logLines.length;
  await work();
  return server.logLines
    .slice(earlier)
    .map(statementOf)
    .filter((name) => name !== null);
}
