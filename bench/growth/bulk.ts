import type { ServiceProviderRef } from '../../src/ids.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { contextOf, createStaff } from '../../test/support/fixtures.ts';
import type { BenchInstallation } from '../support/bench-installation.ts';
import { record } from '../support/figures.ts';
import { againstBareSql, takeOut } from '../support/import-floor.ts';
import { ALL_OR_NOTHING, importInto } from '../support/import-run.ts';
import { syncAgainstBareSql, syncWhole } from '../support/sync-floor.ts';
import { importOverHttp, syncOverHttp } from './bulk-over-http.ts';
import { type GrowingFleet, settle, withOwner } from './growing-fleet.ts';
import type { World } from './requests.ts';

export interface BulkSeconds {
  readonly sync: number;
  readonly import: number;
}

/** The import goes beside the fleet, into a reseller of its own, and is taken out again: the fleet is as large as it is said to be. */
export async function measureBulk({ installation, fleet, caller }: World): Promise<BulkSeconds> {
  const { ownerUrl, provider } = installation;
  const size = fleet.organizations.length;
  await settle(ownerUrl);
  const sync = await syncOverHttp(caller, provider, size);
  const reseller = await newReseller(installation, `Import of ${size}`);
  await settle(ownerUrl);
  const imported = await importOverHttp(caller, reseller, size);
  await takeOut(ownerUrl, reseller);
  return { sync, import: imported };
}

/**
 * The same work once more in this process, which records its statements, and then these alone. No server may run meanwhile:
 * it would take part. It is told that what was begun by bare statements has ended, and every organization gets a string that
 * can be read: of what is written again the version is one that its slot no longer has.
 */
export async function tellBesideBareSql(
  installation: BenchInstallation,
  fleet: GrowingFleet,
  seconds: BulkSeconds,
): Promise<void> {
  const { ownerUrl, runtimeUrl, services, provider } = installation;
  const size = fleet.organizations.length;
  const context = () => contextOf(services, installation.ctx.actor);
  await settle(ownerUrl);
  const sync = await syncAgainstBareSql(runtimeUrl, context(), provider);
  await tell('sync of the whole fleet', size, seconds.sync, sync.floor);
  const reseller = await newReseller(installation, `Bare import of ${size}`);
  await settle(ownerUrl);
  const imported = await againstBareSql(installation, reseller, async () => {
    const { kept, run } = await importInto(installation, context, reseller, size, ALL_OR_NOTHING);
    return kept + run;
  });
  await tell('import of as many', size, seconds.import, imported.floor);
  await takeOut(ownerUrl, reseller);
  await withOwner(ownerUrl, (client) =>
    client.query(`update bulk_operation set status = 'CANCELLED', finished_at = now(), ciphertext = null, data_key_version = null
      where finished_at is null`),
  );
  await syncWhole(context(), provider);
}

async function newReseller({ services, provider }: BenchInstallation, name: string): Promise<ServiceProviderRef> {
  const platformAdmin = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
  const ctx = contextOf(services, platformAdmin.actor);
  return createServiceProvider(ctx, { name, parent: provider, baseUrl: null, idempotencyKey: null });
}

async function tell(what: string, size: number, seconds: number, floor: number): Promise<void> {
  const ratio = seconds / floor;
  process.stdout.write(
    `${size}: ${what}: ${seconds.toFixed(2)} s, the same rows by bare SQL ${floor.toFixed(2)} s, ratio ${ratio.toFixed(2)}\n`,
  );
  await record({
    what,
    unit: 's',
    ours: seconds,
    against: { name: 'the same rows by bare SQL', value: floor, ratio },
    at: { count: size, of: 'organizations' },
    chart: 'bulk',
  });
}
