import type { TestServer } from './test-installation.ts';

/** What else the background does of itself, several times a second: it shares its connections with requests. */
const OF_THE_WORKER = /^(subscription[.]find_awaiting_start$|(audit_chain|audit_key|webhook_fan_out|webhook_lane)[.])/;

function statementOf(line: string): string | null {
  const { statement, background } = JSON.parse(line) as { statement?: string; background?: true };
  return statement === undefined || background === true || OF_THE_WORKER.test(statement) ? null : statement;
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
