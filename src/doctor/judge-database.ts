import { type Finding, ok, orOk, problem, warning } from './finding.ts';

export interface ServerFacts {
  readonly version: string;
  readonly encoding: string;
  /** Follows another server, and can be read only. */
  readonly isStandby: boolean;
  /** How many connections ordinary users may have in all, and how many there are. */
  readonly mostConnections: number;
  readonly connections: number;
}

/** @param connectionsOfProcess how many a server with these settings may open */
export function judgeServer(facts: ServerFacts, connectionsOfProcess: number): Finding[] {
  const check = 'database';
  const findings: Finding[] = [];
  if (facts.isStandby) {
    findings.push(
      problem(check, 'This database is a standby, which takes no writes.', 'Set DATABASE_URL to the primary.'),
    );
  }
  if (facts.encoding !== 'UTF8') {
    findings.push(
      problem(
        check,
        `The encoding of the database is ${facts.encoding}: not every name can be written.`,
        'Make a new database with "encoding UTF8 template template0", and restore a backup into it.',
      ),
    );
  }
  const free = facts.mostConnections - facts.connections;
  if (free < connectionsOfProcess) {
    findings.push(
      warning(
        check,
        `${free} of ${facts.mostConnections} connections are free; one more server may open ${connectionsOfProcess}.`,
        'Raise max_connections, lower KEYWARD_DATABASE_POOL_SIZE, or put PgBouncer in front.',
      ),
    );
  }
  const used = `${facts.connections} of ${facts.mostConnections} connections used; one server may open ${connectionsOfProcess}`;
  return orOk(findings, check, `PostgreSQL ${facts.version} answers, ${used}.`);
}

export interface ProtectionFacts {
  readonly isOwnerSuperuser: boolean;
  readonly ownerMayMakeRoles: boolean;
  /** Tenant tables on which row-level security is off or not forced. */
  readonly unprotectedTables: readonly string[];
  /** Tables of the audit trail that the application could change. */
  readonly changeableHistory: readonly string[];
}

/** What holds whichever role the application works as. */
export function judgeProtection(facts: ProtectionFacts): Finding[] {
  const check = 'roles';
  const findings: Finding[] = [];
  if (facts.unprotectedTables.length > 0) {
    findings.push(
      problem(
        check,
        `Row-level security does not hold on ${facts.unprotectedTables.join(', ')}: tenants could see each other there.`,
        'For each run "ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY", and find out who took it off.',
      ),
    );
  }
  if (facts.changeableHistory.length > 0) {
    findings.push(
      problem(
        check,
        `The application could change what was written to the audit trail: ${facts.changeableHistory.join(', ')}.`,
        'Run "REVOKE UPDATE, DELETE, TRUNCATE ON … FROM keyward_runtime, PUBLIC", and then `keyward audit verify`.',
      ),
    );
  }
  return findings;
}

/** The login that a server derives, before a server has made it. */
export function judgeMissingLogin(role: string, { isOwnerSuperuser, ownerMayMakeRoles }: ProtectionFacts): Finding {
  if (isOwnerSuperuser || ownerMayMakeRoles) {
    return ok('roles', `The role ${role} is not there yet: the first server makes it.`);
  }
  return problem(
    'roles',
    `The role ${role}, which Keyward works as, is not there, and the user of DATABASE_URL may not make it.`,
    'Give that user CREATEROLE, or make a login that is a member of keyward_runtime and set KEYWARD_DATABASE_RUNTIME_URL.',
  );
}

/** Subscriptions begin and end, and sessions and tokens expire, by the clocks of all processes. */
const TOLERATED_MS = 1000;
const DANGEROUS_MS = 30_000;

export interface ClockFacts {
  /** How far this machine's clock is ahead of the database's; negative: behind. */
  readonly aheadMs: number;
  /** The difference is known no better than this. */
  readonly uncertaintyMs: number;
}

export function judgeClock({ aheadMs, uncertaintyMs }: ClockFacts): Finding {
  const check = 'clock';
  const least = Math.max(0, Math.abs(aheadMs) - uncertaintyMs);
  const shown = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} the database's`;
  if (least <= TOLERATED_MS) return ok(check, "This machine's clock agrees with the database's.");
  const advice = 'Keep both machines on NTP (timedatectl set-ntp true), and start the servers again.';
  if (least <= DANGEROUS_MS) return warning(check, `This machine's clock is ${shown}.`, advice);
  return problem(
    check,
    `This machine's clock is ${shown}: tokens, sessions and subscriptions end at the wrong time.`,
    advice,
  );
}
