import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../../support/gateway-process.ts';
import { allowCalls, credentialsOf, gatewayWith } from '../../support/gateways.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { createTestServiceAccount, tokenOf } from '../../support/service-accounts.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

/** `npm run test:gateway` asks for more. */
const THRESHOLDS = (process.env['KEYWARD_THRESHOLDS'] ?? '1,10,600').split(',').map(Number);
const KILLS = Number(process.env['KEYWARD_GATEWAY_KILLS'] ?? 3);
const CLIENTS = 8;
/** These are used up before anybody can be killed. */
const FEW = 100;

/** Two processes; either may be killed, and then another one takes its place. */
class Pair {
  readonly #start: () => Promise<GatewayProcess>;
  readonly #processes: GatewayProcess[] = [];

  constructor(start: () => Promise<GatewayProcess>) {
    this.#start = start;
  }

  async open(): Promise<void> {
    this.#processes.push(...(await Promise.all([this.#start(), this.#start()])));
  }

  url(index: number): string {
    return this.#processes[index % 2]?.url ?? '';
  }

  async replace(index: number): Promise<void> {
    await this.#processes[index % 2]?.kill();
    this.#processes[index % 2] = await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.kill()));
  }
}

interface Tally {
  accepted: number;
  lost: number;
  refused: number;
}

/** Calls until the threshold is exceeded; a call that a dying process does not answer is lost. */
async function callUntilRefused(pair: Pair, index: number, token: string, body: object, tally: Tally): Promise<void> {
  for (let isOver = false; !isOver; ) {
    const code = await gatewayWith(pair.url(index), token)
      .verify({ ...body })
      .then((answer) => answer.body.code)
      .catch(() => 'LOST');
    isOver = code === 'THRESHOLD_EXCEEDED';
    if (code === 'VALID') tally.accepted += 1;
    else if (isOver) tally.refused += 1;
    else if (code === 'LOST') tally.lost += 1;
    else throw new Error(`a call was answered with ${code}`);
  }
}

async function readUsage({ keyward, organization }: KeyWorld) {
  const [row] = await keyward.database.query<{ used: number; calls: number; disablements: number; audited: number }>(
    `select c.used::int,
       (c.hour_calls + (select coalesce(sum(h.calls), 0) from usage_hour h where h.organization_id = $1))::int as calls,
       (select count(*) from disablement d where d.organization_id = $1 and d.source = 'CALL_THRESHOLD')::int as disablements,
       (select count(*) from audit_event e where e.organization_id = $1 and e.action = 'api_key.disable')::int as audited
     from usage_counter c where c.organization_id = $1`,
    [organization.organizationId],
  );
  return row;
}

test.for(THRESHOLDS)(
  'a threshold of %i is hit to the call, however many processes die',
  {
    timeout: 120_000 + Math.max(...THRESHOLDS) * 50,
  },
  async (threshold) => {
    const keyEncryptionKey = randomBytes(32);
    await using keyward = await openTestInstallation({ keyEncryptionKey, logLevel: 'warn' });
    const { services, database } = keyward;
    const world = await createKeyWorld(keyward);
    await allowCalls(world, threshold);
    await using pair = new Pair(() => startGatewayProcess(database.ownerUrl, keyEncryptionKey));
    await pair.open();
    const { providerAdmin, tenants } = world;
    const account = await createTestServiceAccount(services, providerAdmin, tenants.reseller, ['gateway:verify']);
    const token = await tokenOf(pair.url(0), account);
    const body = await credentialsOf(world);
    const tally: Tally = { accepted: 0, lost: 0, refused: 0 };
    const clients = Array.from({ length: CLIENTS }, (_, index) => callUntilRefused(pair, index, token, body, tally));
    const everybody = Promise.all(clients);
    let kills = 0;
    for (; kills < (threshold < FEW ? 0 : KILLS) && tally.refused === 0; kills++) {
      const begun = tally.accepted;
      while (tally.accepted < begun + threshold / (KILLS * 4) && tally.refused === 0)
        await Promise.race([...clients, turn()]);
      await pair.replace(kills);
    }
    await everybody;
    const usage = await readUsage(world);
    expect(usage).toEqual({ used: threshold, calls: threshold, disablements: 1, audited: 1 });
    expect(tally.accepted).toBeLessThanOrEqual(threshold);
    // What was counted and not answered died with a process, which had at most one call of each client.
    expect(threshold - tally.accepted).toBeLessThanOrEqual(CLIENTS * kills);
    if (threshold >= FEW) expect(kills).toBeGreaterThan(0);
    expect(tally.refused).toBe(CLIENTS);
  },
);

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}
