import { type Finding, type FindingStatus, isHealthy } from './finding.ts';

const words: Readonly<Record<FindingStatus, string>> = {
  OK: 'ok',
  WARNING: 'warning',
  PROBLEM: 'PROBLEM',
  NOT_CHECKED: 'not checked',
};

/** For the terminal: a line for each finding, and beneath it what to do. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, status, message, advice }) => {
    const line = `${words[status].padEnd(12)}${check.padEnd(15)}${message}`;
    return advice === null ? [line] : [line, `${' '.repeat(27)}→ ${advice}`];
  });
  return `${[...lines, '', summaryOf(findings)].join('\n')}\n`;
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const warnings = count('WARNING');
  const more = warnings === 0 ? '' : ` ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`;
  if (isHealthy(findings)) return `All is well.${more}`;
  return `Problems: ${count('PROBLEM')}.${more}`;
}

/** For programs. */
export function findingsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ healthy: isHealthy(findings), findings }, null, 2)}\n`;
}
