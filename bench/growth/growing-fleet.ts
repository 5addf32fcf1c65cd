import pg from 'pg';
import type { OrganizationRef } from '../../src/ids.ts';
import { insertKeyedFleet } from '../../test/support/keyed-fleet.ts';
import type { BenchInstallation } from '../support/bench-installation.ts';

/** The organizations of one provider, each with a subscription and a key. */
export class GrowingFleet {
  private readonly installation: BenchInstallation;
  private readonly all: OrganizationRef[] = [];

  constructor(installation: BenchInstallation) {
    this.installation = installation;
  }

  get organizations(): readonly OrganizationRef[] {
    return this.all;
  }

  async growTo(size: number): Promise<void> {
    const { services, provider, ownerUrl } = this.installation;
    await withOwner(ownerUrl, async (owner) => {
      const query = (sql: string, values?: readonly unknown[]) => owner.query(sql, [...(values ?? [])]);
      this.all.push(...(await insertKeyedFleet(services, query, provider, size - this.all.length)));
    });
    await settle(ownerUrl);
  }

  /** So many of them, evenly spread from the oldest to the youngest. */
  sample(count: number): OrganizationRef[] {
    const step = Math.max(1, this.all.length / count);
    return this.all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  }
}

/** What autovacuum and the checkpointer would do in the middle of a measurement is done before it. */
export async function settle(ownerUrl: string): Promise<void> {
  await withOwner(ownerUrl, async (client) => {
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  });
}

export async function withOwner(ownerUrl: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await use(client).finally(() => client.end());
}
