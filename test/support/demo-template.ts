import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../../src/config.ts';
import { scheduledJobs } from '../../src/scheduled-jobs.ts';
import type { DemoCredentials } from '../../src/seed/credentials-file.ts';
import { seedDemo } from '../../src/seed/seed-demo.ts';
import { temporaryDirectory } from './keyward-process.ts';
import { cloneTestDatabase } from './test-database.ts';
import { openInstallationOn, startTestServer, type TestServer } from './test-installation.ts';

/** The demo fleet in a database that those of other files are cloned from: to seed it takes longer than most tests. */
export interface DemoTemplate extends AsyncDisposable {
  readonly credentials: DemoCredentials;
  /** A whole server on a free port, over a copy. */
  startServer(more: Partial<Config>): Promise<TestServer>;
}

export async function openDemoTemplate(): Promise<DemoTemplate> {
  await using cleanup = new AsyncDisposableStack();
  const database = cleanup.use(await cloneTestDatabase({ isSearched: false }));
  const keyEncryptionKey = randomBytes(32);
  const credentials = await seed();
  const kept = cleanup.move();
  return {
    credentials,
    startServer: (more) => startTestServer({ keyEncryptionKey, ...more }, { template: database.name }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };

  /**
   * With all that is due told: a server finds nothing to do. Nobody is connected any more afterwards: such a database alone
   * can be copied.
   */
  async function seed(): Promise<DemoCredentials> {
    await using folder = await temporaryDirectory();
    await using installation = await openInstallationOn(database, { keyEncryptionKey, logLevel: 'warn' });
    const { services } = installation;
    const credentialsFile = join(folder.path, 'demo-credentials.json');
    const seeded = await seedDemo(services, { now: new Date(), url: 'http://keyward.test', credentialsFile });
    for (const job of scheduledJobs) await job.run(services, new Date());
    return seeded;
  }
}
