import type { TestServer } from './test-installation.ts';

/** What the background does of itself, several times a second or once a minute, whoever else is there. */
const OF_THE_WORKER = new RegExp(
  `^(${[
    'subscription[.]find_awaiting_start$',
    'bulk_operation[.]find_(waiting|expired)$',
    'import[.]find_due$',
    'rotation_policy[.]find_(roots|enabled)$',
    'rotation_notice[.]delete_past$',
    '(audit_chain|audit_key|scheduled_job|webhook_fan_out|webhook_lane)[.]',
  ].join('|')})`,
);

function statementOf(line: string): string | null {
  const { statement } = JSON.parse(line) as { statement?: string };
  return statement === undefined || OF_THE_WORKER.test(statement) ? null : statement;
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
