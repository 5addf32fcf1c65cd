import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type HaCluster, type NodeNumber, nodes, startHaCluster } from '../support/ha-cluster.ts';
import { untilWhole } from './until-whole.ts';

const PATIENCE = { timeout: 60_000, interval: 250 };
const PATRONICTL = 'runuser -u postgres -- patronictl -c /etc/patroni/config.yml';

test('three nodes go back to a moment, and to the end after all of them have lost their data', {
  timeout: 900_000,
}, async () => {
  await using cluster = await startHaCluster();
  const { query } = cluster.database;
  const first = await cluster.nodeThatIs('leader');
  const [, backUp = ''] = await commandsBeneath('On a cluster of Patroni', 2);
  await cluster.on(first, backUp);
  await query('create table ledger (said text not null)');
  await write(cluster, 'before', 1000);

  // What was backed up on one node is gone on with, and restored, on another.
  await cluster.on(first, 'systemctl stop patroni');
  await expect.poll(() => cluster.nodeThatIs('leader'), PATIENCE).not.toBe(first);
  await cluster.on(first, 'systemctl start patroni');
  await untilWhole(cluster);
  const leader = await cluster.nodeThatIs('leader');
  await write(cluster, 'after the failover', 200);
  const [now] = await query<{ time: string }>('select clock_timestamp()::text as time');
  await query("delete from ledger where said = 'before'");
  await write(cluster, 'since', 7);

  await goBack(cluster, leader, (restore) => replaced(restore, '2026-11-21 18:30:00+00', now?.time ?? ''));
  expect(await ledger(cluster)).toEqual({ before: 1000, 'after the failover': 200 });
  expect(await readWhatWasDoneSince(cluster, leader)).toBe(7);
  await write(cluster, 'gone on', 30);
  await expectBackupsBy(cluster, leader);
  await write(cluster, 'at the end', 4);
  await untilArchived(cluster);

  await cluster.kill(...nodes.map((node) => `patroni${node}` as const));
  await cluster.kill(...nodes.map((node) => `postgres${node}` as const));
  for (const node of nodes) await cluster.on(node, 'rm -r /var/lib/postgresql/15/keyward*');
  await expect.poll(() => cluster.on(first, `${PATRONICTL} list`), PATIENCE).not.toContain('Leader');
  await goBack(cluster, first, (restore) =>
    replaced(restore, ' --type=time --target="$POINT" --target-action=promote', ''),
  );
  expect(await ledger(cluster)).toEqual({ before: 1000, 'after the failover': 200, 'gone on': 30, 'at the end': 4 });
  await write(cluster, 'and on', 1);
});

/** Step by step as docs/backup.md has it, on nodes that may have been lost. */
async function goBack(cluster: HaCluster, node: NodeNumber, toWhere: (restore: string) => string): Promise<void> {
  const [stop = '', restore = '', forget = '', follow = ''] = await commandsBeneath('Going back under Patroni', 4);
  const others = nodes.filter((other) => other !== node);
  for (const each of [...others, node]) await cluster.on(each, stop);
  const began = performance.now();
  await cluster.on(node, toWhere(restore));
  await cluster.on(node, replaced(forget, 'remove keyward', "remove keyward <<< $'keyward\\nYes I am aware'"));
  await expect.poll(() => cluster.nodeThatIs('leader'), PATIENCE).toBe(node);
  for (const other of others) await cluster.on(other, follow);
  await untilWhole(cluster);
  process.stdout.write(`back on three nodes after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}

/** The archive's other line, restored beside the database that went back. @returns how many rows were written on it */
async function readWhatWasDoneSince(cluster: HaCluster, node: NodeNumber): Promise<number> {
  const [beside = ''] = await commandsBeneath('What was done since', 1);
  const underPatroni = [
    ['--target-timeline=current', '--target-timeline=2'],
    ['/etc/postgresql/15/main', '/var/lib/postgresql/15/keyward'],
    [
      '-c archive_mode=off &',
      "-c archive_mode=off -c listen_addresses='' -c synchronous_standby_names= >/dev/null 2>&1 &",
    ],
  ] as const;
  const psql = 'runuser -u postgres -- psql -p 5433 -d keyward -qAtc';
  const printed = await cluster.on(
    node,
    `${underPatroni.reduce((text, [given, own]) => replaced(text, given, own), beside)}
     until ${psql} 'select pg_is_in_recovery()' | grep -q f; do sleep 1; done
     ${psql} "select 'rows: ' || count(*) from ledger where said = 'since'"
     runuser -u postgres -- /usr/lib/postgresql/15/bin/pg_ctl -D /var/lib/postgresql/15/since stop
     rm -r /var/lib/postgresql/15/since`,
  );
  return Number(/rows: (\d+)/.exec(printed)?.[1]);
}

/** The jobs of cron are on each node: one makes a backup. */
async function expectBackupsBy(cluster: HaCluster, leader: NodeNumber): Promise<void> {
  const cron = await readFile(new URL('../../ops/backup/keyward-backup.cron', import.meta.url), 'utf8');
  const [, command = ''] = /^[\d *-]+ postgres (.*--type=diff backup)$/m.exec(cron) ?? [];
  const count = async () => {
    const info = await cluster.on(leader, 'runuser -u postgres -- pgbackrest --stanza=keyward --output=json info');
    return (JSON.parse(info) as { backup: unknown[] }[])[0]?.backup.length;
  };
  const made: NodeNumber[] = [];
  for (const node of nodes) {
    const before = await count();
    await cluster.on(node, `runuser -u postgres -- sh -c ${JSON.stringify(command)} || true`);
    if ((await count()) !== before) made.push(node);
  }
  expect(made).toEqual([leader]);
}

/** What was committed by now is in the repository. */
async function untilArchived({ database }: HaCluster): Promise<void> {
  const [last] = await database.query<{ file: string }>('select pg_walfile_name(pg_switch_wal()) as file');
  const look = 'select last_archived_wal >= $1 as "isThere" from pg_stat_archiver';
  await expect.poll(() => database.query(look, [last?.file]), PATIENCE).toEqual([{ isThere: true }]);
}

async function write({ database }: HaCluster, said: string, rows: number): Promise<void> {
  await database.query('insert into ledger select $1 from generate_series(1, $2::int)', [said, rows]);
}

async function ledger({ database }: HaCluster): Promise<Record<string, number>> {
  const rows = await database.query<{ said: string; count: number }>(
    'select said, count(*)::int as count from ledger group by said',
  );
  return Object.fromEntries(rows.map(({ said, count }) => [said, count]));
}

/** What docs/backup.md has beneath a heading to be typed, block by block. */
async function commandsBeneath(heading: string, blocks: number): Promise<readonly string[]> {
  const text = await readFile(new URL('../../docs/backup.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [own = ''] = section.split(/^##+ /m);
  const found = [...own.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  expect(found, heading).toHaveLength(blocks);
  return found;
}

/** @throws Error when it is not there */
function replaced(text: string, given: string, own: string): string {
  if (!text.includes(given)) throw new Error(`the document does not say ${given}`);
  return text.replace(given, () => own);
}
