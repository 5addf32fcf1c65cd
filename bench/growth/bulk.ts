import type { ServiceProviderRef } from '../../src/ids.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { contextOf, createStaff } from '../../test/support/fixtures.ts';
import type { BenchInstallation } from '../support/bench-installation.ts';
import { record } from '../support/figures.ts';
import { againstBareSql, takeOut } from '../support/import-floor.ts';
import { ALL_OR_NOTHING, importInto } from '../support/import-run.ts';
import { syncAgainstBareSql } from '../support/sync-floor.ts';
import { importOverHttp, syncOverHttp } from './bulk-over-http.ts';
import { settle } from './growing-fleet.ts';
import type { World } from './requests.ts';

/** Over HTTP, and then once more in this process, which records the statements of the floor. */
export async function measureSync({ installation, fleet, caller }: World): Promise<void> {
  const { runtimeUrl, ownerUrl, services, ctx, provider } = installation;
  const size = fleet.organizations.length;
  await settle(ownerUrl);
  const seconds = await syncOverHttp(caller, provider, size);
  await settle(ownerUrl);
  const { floor } = await syncAgainstBareSql(runtimeUrl, contextOf(services, ctx.actor), provider);
  await tell('sync of the whole fleet', size, seconds, floor);
}

/** Beside the fleet, into a reseller of its own; taken out again, so that the fleet is as large as it is said to be. */
export async function measureImport({ installation, fleet, caller }: World): Promise<void> {
  const { ownerUrl, services } = installation;
  const size = fleet.organizations.length;
  const reseller = await newReseller(installation, `Import of ${size}`);
  await settle(ownerUrl);
  const seconds = await importOverHttp(caller, reseller, size);
  await takeOut(ownerUrl, reseller);
  await settle(ownerUrl);
  const context = () => contextOf(services, installation.ctx.actor);
  const { floor } = await againstBareSql(installation, reseller, async () => {
    const { kept, run } = await importInto(installation, context, reseller, size, ALL_OR_NOTHING);
    return kept + run;
  });
  await takeOut(ownerUrl, reseller);
  await tell('import of as many', size, seconds, floor);
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
