import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startProgram } from '../support/distribution-program.ts';
import { freePort } from '../support/free-port.ts';
import { connect } from '../support/graphql-client.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { PGBOUNCER } from '../support/pgbouncer.ts';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startServerOn } from '../support/test-installation.ts';

/** The SQL that the image of PostgreSQL runs, but for the role that there is already. */
async function makeLogin(database: TestDatabase, login: string, word: string): Promise<void> {
  const script = await readFile('ops/postgres/runtime-login.sh', 'utf8');
  const [, sql = ''] = /<<'SQL'\n([\s\S]*?)SQL\n/.exec(script) ?? [];
  const statements = sql.replaceAll(':"login"', login).replaceAll(":'word'", `'${word}'`);
  await database.query(statements.replace('create role keyward_runtime nologin;', ''));
}

async function startPooler(ownerUrl: string, login: string, word: string) {
  const port = await freePort();
  const target = new URL(ownerUrl);
  const file = await readFile('ops/pgbouncer/pgbouncer.ini', 'utf8');
  const server = `host=${target.hostname} port=${target.port} dbname=${target.pathname.slice(1)}`;
  const settingsIn = (folder: string) =>
    file
      .replace(/^keyward = .*$/m, `keyward = ${server}`)
      .replace(/^listen_addr = .*$/m, 'listen_addr = 127.0.0.1')
      .replace(/^listen_port = .*$/m, `listen_port = ${port}`)
      .replace(/^auth_file = .*$/m, `auth_file = ${folder}/userlist.txt\nlogfile = ${folder}/log`);
  const url = `postgres://${login}:${word}@127.0.0.1:${port}/keyward`;
  const running = await startProgram(PGBOUNCER, {
    parametersIn: (folder) => ['-q', join(folder, 'pgbouncer.ini')],
    filesIn: (folder) => ({ 'pgbouncer.ini': settingsIn(folder), 'userlist.txt': `"${login}" "${word}"\n` }),
    ask: async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect().finally(() => client.end().catch(() => undefined));
    },
  });
  return { url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

test('a server works by the login and the pooler of the compose file, and lets nobody in with another password', async () => {
  await using database = await cloneTestDatabase();
  const login = `compose_${randomBytes(4).toString('hex')}`;
  const word = randomBytes(24).toString('hex');
  await makeLogin(database, login, word);
  {
    await using pooler = await startPooler(database.ownerUrl, login, word);
    await using server = await startServerOn(database, {
      database: { kind: 'EXTERNAL', ownerUrl: database.ownerUrl, runtimeUrl: pooler.url },
      preparedStatements: false,
    });
    const { people } = await createKeyWorld(server);
    const client = await connect(server.url, people.providerAdmin);
    const answer = await client.query('{ organizations { totalCount } }');
    expect(answer.at('organizations.totalCount')).toBe(2);
    const guessing = new pg.Client({ connectionString: pooler.url.replace(word, 'guessed') });
    await expect(guessing.connect()).rejects.toThrow();
  }
  await database.query(`drop role ${login}`);
});
