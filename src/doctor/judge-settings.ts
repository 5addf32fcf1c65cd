import { type Finding, orOk, warning } from './finding.ts';

/** What the settings come to, where more than one value is right. */
export interface SettingsFacts {
  /** Of a database of its own choice, as in production; the built-in one is for one machine and for trying out. */
  readonly isExternal: boolean;
  readonly publicUrl: string;
  readonly introspection: boolean;
  readonly trustsProxies: boolean;
  readonly hasCheckpointFile: boolean;
}

/** What is allowed, and yet hardly meant. */
export function judgeSettings(facts: SettingsFacts): Finding[] {
  const check = 'configuration';
  if (!facts.isExternal) return orOk([], check, 'The settings are right. The database is the built-in one.');
  const findings: Finding[] = [];
  const { protocol, hostname } = new URL(facts.publicUrl);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (isLocal) {
    findings.push(
      warning(
        check,
        `Clients are told to come to ${facts.publicUrl}, which is this machine only.`,
        'Set KEYWARD_PUBLIC_URL to the https address of your proxy.',
      ),
    );
  } else if (protocol !== 'https:') {
    findings.push(
      warning(
        check,
        `Clients come to ${facts.publicUrl}, where passwords and tokens travel in the clear.`,
        'Put a proxy with TLS in front, and set KEYWARD_PUBLIC_URL to its https address.',
      ),
    );
  } else if (!facts.trustsProxies) {
    findings.push(
      warning(
        check,
        'No proxy is trusted to say where a request came from: all sign-ins share one address, and one lockout.',
        "Set KEYWARD_TRUSTED_PROXIES to your proxies' addresses.",
      ),
    );
  }
  if (facts.introspection) {
    findings.push(
      warning(check, 'Strangers may read the schema, and are told names like the one they misspelt.', production),
    );
  }
  if (!facts.hasCheckpointFile) {
    findings.push(
      warning(
        check,
        'Signed ends of the audit chains are kept in the database only, whose owner could remove the last events.',
        'Set KEYWARD_AUDIT_CHECKPOINT_FILE to a file where the database owner cannot write.',
      ),
    );
  }
  return orOk(findings, check, 'The settings are right.');
}

const production = 'Set NODE_ENV=production, or KEYWARD_INTROSPECTION=off.';
