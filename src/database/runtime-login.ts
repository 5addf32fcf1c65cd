import { hkdfSync } from 'node:crypto';
import { DatabaseError, escapeIdentifier, escapeLiteral, type Pool } from 'pg';
import { SetupError } from '../setup-error.ts';
import { withOwnConnection } from './own-connection.ts';
import { scramVerifier } from './scram-verifier.ts';

/**
 * The connection string of the role that the application works as: it may use the tables, owns nothing, and cannot
 * bypass row-level security. Its password follows from the owner's, so that every process of one installation comes to
 * the same one and none has to be kept.
 * @throws SetupError when the owner may not make roles
 */
export async function ensureRuntimeLogin(ownerConnectionString: string): Promise<string> {
  const { role, password, connectionString } = runtimeLoginOf(ownerConnectionString);
  if (!(await canConnect(connectionString))) await makeLogin(ownerConnectionString, role, password);
  return connectionString;
}

/** The same whether it is there or not. */
export function runtimeLoginOf(ownerConnectionString: string): {
  readonly role: string;
  readonly password: string | null;
  readonly connectionString: string;
} {
  const url = new URL(ownerConnectionString);
  const database = decodeURIComponent(url.pathname.slice(1));
  const role = `keyward_app_${database}`.slice(0, 63);
  const password = derivePassword(decodeURIComponent(url.password), database);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password ?? '');
  return { role, password, connectionString: url.href };
}

/** Null when the owner has none: then the server trusts the connection, and the role must not be open to a guess. */
function derivePassword(ownerPassword: string, database: string): string | null {
  if (ownerPassword === '') return null;
  return Buffer.from(hkdfSync('sha256', ownerPassword, database, 'keyward runtime login', 32)).toString('base64url');
}

async function canConnect(connectionString: string): Promise<boolean> {
  try {
    return await withOwnConnection(connectionString, async (client) => {
      const { rows } = await client.query<{ ready: boolean }>(
        `select pg_has_role(current_user, 'keyward_runtime', 'usage') as ready`,
      );
      return rows[0]?.ready === true;
    });
  } catch {
    return false;
  }
}

/** By one at a time: PostgreSQL refuses whoever changes a role at the same time as another. */
async function makeLogin(ownerConnectionString: string, role: string, password: string | null): Promise<void> {
  const name = escapeIdentifier(role);
  const secret = password === null ? 'null' : escapeLiteral(scramVerifier(password));
  await withOwnConnection(ownerConnectionString, async (client) => {
    try {
      await client.query('begin');
      await client.query(`select pg_advisory_xact_lock(hashtext('keyward.runtime_login'), 0)`);
      await client.query(
        `do $$ begin create role ${name}; exception when duplicate_object or unique_violation then null; end $$`,
      );
      await client.query(`alter role ${name} login inherit nocreatedb nocreaterole password ${secret}`);
      await client.query(`grant keyward_runtime to ${name}`);
      await client.query('commit');
    } catch (cause) {
      throw new SetupError(
        'The database user of DATABASE_URL may not make the role that Keyward works as: give it CREATEROLE, or make a login that is a member of keyward_runtime and set KEYWARD_DATABASE_RUNTIME_URL.',
        { cause },
      );
    }
  });
}

/** @throws SetupError when row-level security would not hold for the role, or it cannot use the tables */
export async function checkRuntimeRole(pool: Pool): Promise<void> {
  const { rows } = await pool
    .query<{ role: string; bypasses: boolean; owns: boolean; member: boolean }>(
      `/* database.check_runtime_role */
     select current_user as role, r.rolsuper or r.rolbypassrls as bypasses,
       exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace) as owns,
       pg_has_role(r.oid, 'keyward_runtime', 'usage') as member
     from pg_roles r where r.rolname = current_user`,
    )
    .catch((cause: unknown) => {
      throw new SetupError(connectionRefusal(cause), { cause });
    });
  const [found] = rows;
  if (found && !found.bypasses && !found.owns && found.member) return;
  throw new SetupError(
    `The database role ${found?.role} must be a member of keyward_runtime, own no tables, and be neither superuser nor BYPASSRLS: correct it, or unset KEYWARD_DATABASE_RUNTIME_URL.`,
  );
}

/** A pooler in transaction mode refuses settings of a session, with which every connection else begins. */
function connectionRefusal(cause: unknown): string {
  if (cause instanceof DatabaseError && cause.message.includes('unsupported startup parameter')) {
    return 'KEYWARD_DATABASE_RUNTIME_URL leads to a pooler that takes no settings of a session: set KEYWARD_PREPARED_STATEMENTS to off.';
  }
  return 'The role that Keyward works as cannot connect to the database: allow it in pg_hba.conf, or correct KEYWARD_DATABASE_RUNTIME_URL.';
}
