import { type SpawnOptions, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SetupError } from '../setup-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Who PostgreSQL runs as: it refuses to run as root. */
export type PostgresAccount =
  | { readonly kind: 'self' }
  | { readonly kind: 'other'; readonly identity: Identity }
  /** Another user who may pass closed folders, such as a clone below /root: the capability dac_override. */
  | { readonly kind: 'otherPassingFolders'; readonly identity: Identity };

export interface AccountCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/** Nothing of our environment: it may hold secrets, and PG* variables that mean another server. */
const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The command as that account runs it. Process ids stay: every step between replaces itself by the next. */
export function asAccount(account: PostgresAccount, file: string, args: readonly string[]): AccountCommand {
  const options: SpawnOptions = { cwd: '/', env: environment };
  if (account.kind === 'self') return { file, args, options };
  const { uid, gid } = account.identity;
  if (account.kind === 'other') return { file, args, options: { ...options, uid, gid } };
  const capabilities = '-all,+dac_override';
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const keep = [`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`, `--bounding-set=${capabilities}`];
  // PostgreSQL asks access(2) for its own files, which disregards capabilities unless this bit is set.
  const heed = '--securebits=+no_setuid_fixup';
  return { file: 'setpriv', args: [...become, ...keep, heed, '--', file, ...args], options };
}

function findUser(name: string): Identity | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) return null;
  return { uid: Number(uid), gid: Number(gid) };
}

/** The user that root hands the database to: the one who has it already, else `postgres`, else `nobody`. */
export function chooseIdentity(currentOwner: Identity | null): Identity {
  if (currentOwner !== null && currentOwner.uid !== 0) return currentOwner;
  return findUser('postgres') ?? findUser('nobody') ?? { uid: 65534, gid: 65534 };
}

function canRun(account: PostgresAccount, binaries: PostgresBinaries, folder: string): boolean {
  const script = 'cd "$1" && test -w . && test -r "$3" && exec "$2" --version';
  const shellArgs = ['-c', script, 'sh', folder, binaries.postgres, binaries.sampleShareFile];
  const { file, args, options } = asAccount(account, '/bin/sh', shellArgs);
  return spawnSync(file, [...args], { ...options, stdio: 'ignore' }).status === 0;
}

/**
 * The account that reaches both the binaries and `folder`, which belongs to `identity` (null: we are not root).
 * @throws SetupError when root can hand the database to nobody
 */
export function chooseAccount(identity: Identity | null, binaries: PostgresBinaries, folder: string): PostgresAccount {
  if (identity === null) return { kind: 'self' };
  const candidates: PostgresAccount[] = [
    { kind: 'other', identity },
    { kind: 'otherPassingFolders', identity },
  ];
  const account = candidates.find((candidate) => canRun(candidate, binaries, folder));
  if (account !== undefined) return account;
  throw new SetupError(
    `PostgreSQL does not run as root, and the user with id ${identity.uid} reaches not both ${folder} and ${binaries.postgres}: start Keyward as an ordinary user, or put both below folders that everybody may enter.`,
  );
}
