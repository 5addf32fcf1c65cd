import { randomBytes, randomInt } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { applySubscription, cancelSubscription } from '../../../src/subscription/subscription.service.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { startGatewayProcess } from '../../support/gateway-process.ts';
import { gatewayWith, globalIdOf, type TestGateway } from '../../support/gateways.ts';
import { commandInput, commands, createKeyWorld, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { createTestServiceAccount, tokenOf } from '../../support/service-accounts.ts';
import { change, offer } from '../../support/subscriptions.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

/** `npm run test:gateway` asks for more. */
const MUTATIONS = Number(process.env['KEYWARD_REVOCATIONS'] ?? 200);
const VERIFIERS = 8;
const ORGANIZATIONS = 3;

/** A slot as its owner knows it from the answers to the commands. */
interface Known {
  readonly world: KeyWorld;
  readonly organization: string;
  key: string;
  /** Strings that were the key once. */
  readonly past: string[];
  state: 'ENABLED' | 'DISABLED' | 'EMPTY' | 'CANCELLED';
  /** Commands begun and commands answered. */
  begun: number;
  answered: number;
}

async function known(world: KeyWorld): Promise<Known> {
  const { keyString: key } = await readSlot(world);
  if (key === null) throw new Error('the slot is empty');
  const organization = globalIdOf(world.organization);
  return { world, organization, key, past: [], state: 'ENABLED', begun: 0, answered: 0 };
}

/** The next command, and what is true once it has been answered. */
async function mutate(slot: Known): Promise<void> {
  const { world } = slot;
  const run = (action: keyof typeof commands, more = {}) =>
    commands[action](world.as(world.providerAdmin), commandInput(world.organization, more));
  const action = pick(whatMayFollow[slot.state]);
  const newKey = randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x');
  slot.begun += 1;
  if (action === 'CANCEL') await cancelSubscription(world.as(world.platformAdmin), change(world.organization));
  else if (action === 'APPLY') await applySubscription(world.as(world.platformAdmin), offer(world.organization));
  else {
    const { keyString } = await run(action, { newKey });
    if (keyString !== null || action === 'DELETE') slot.past.push(slot.key);
    slot.key = keyString?.expose() ?? slot.key;
  }
  slot.state = stateAfter[action];
  slot.answered += 1;
}

const whatMayFollow = {
  ENABLED: ['EDIT', 'REGENERATE', 'DISABLE', 'DELETE', 'CANCEL'],
  DISABLED: ['ENABLE'],
  EMPTY: ['ADD'],
  CANCELLED: ['APPLY'],
} as const;
const stateAfter = {
  ...({ EDIT: 'ENABLED', REGENERATE: 'ENABLED', ENABLE: 'ENABLED', ADD: 'ENABLED', APPLY: 'ENABLED' } as const),
  ...({ DISABLE: 'DISABLED', DELETE: 'EMPTY', CANCEL: 'CANCELLED' } as const),
};
const codeIn = { ENABLED: 'VALID', DISABLED: 'DISABLED', EMPTY: 'NOT_FOUND', CANCELLED: 'SUBSCRIPTION_EXPIRED' };

function pick<Thing>(things: readonly Thing[]): Thing {
  return things[randomInt(things.length)] as Thing; // never empty
}

interface Findings {
  /** Old states that were accepted, current ones that were refused. */
  readonly wrong: string[];
  accepted: number;
  refused: number;
}

/** One question about a slot, asked after what is known of it was answered. */
async function ask(gateway: TestGateway, slot: Known, findings: Findings): Promise<void> {
  const { answered, state, key: current } = slot;
  const old = slot.past.at(-1 - randomInt(3));
  const key = old === undefined || randomInt(3) === 0 ? current : old;
  const isOld = slot.past.includes(key);
  const { code } = (await gateway.verify({ organization: slot.organization, key })).body;
  const isUnchanged = slot.begun === answered;
  if (code === 'VALID') findings.accepted += 1;
  else findings.refused += 1;
  if (isOld && code !== 'NOT_FOUND') findings.wrong.push(`an old key: ${code}`);
  if (!isOld && isUnchanged && code !== codeIn[state]) findings.wrong.push(`the key while ${state}: ${code}`);
}

test(`nothing accepts an old state once the command has been answered, ${MUTATIONS} times`, {
  timeout: 60_000 + MUTATIONS * 500,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey, logLevel: 'warn' });
  const { services, database } = keyward;
  const world = await createKeyWorld(keyward);
  const { reseller, platformAdmin } = world.tenants;
  const others = await Promise.all(
    Array.from({ length: ORGANIZATIONS - 1 }, () => createTestOrganization(services, platformAdmin, reseller)),
  );
  const slots = await Promise.all([world, ...others.map((organization) => ({ ...world, organization }))].map(known));
  await using one = await startGatewayProcess(database.ownerUrl, keyEncryptionKey);
  await using two = await startGatewayProcess(database.ownerUrl, keyEncryptionKey);
  const account = await createTestServiceAccount(services, world.providerAdmin, reseller, ['gateway:verify']);
  const token = await tokenOf(one.url, account);
  const findings: Findings = { wrong: [], accepted: 0, refused: 0 };
  let isDone = false;
  const verifiers = Array.from({ length: VERIFIERS }, async (_, index) => {
    const gateway = gatewayWith(index % 2 === 0 ? one.url : two.url, token);
    while (!isDone) {
      const slot = slots[randomInt(slots.length)];
      if (slot !== undefined) await ask(gateway, slot, findings);
    }
  });
  const mutations = slots.map(async (slot) => {
    for (let count = 0; count < MUTATIONS / slots.length; count++) {
      await mutate(slot);
      const decided = findings.accepted + findings.refused;
      await vi.waitUntil(() => findings.accepted + findings.refused >= decided + VERIFIERS, {
        timeout: 20_000,
        interval: 2,
      });
    }
  });
  await Promise.all(mutations).finally(() => {
    isDone = true;
  });
  await Promise.all(verifiers);
  expect(findings.wrong).toEqual([]);
  expect(slots.reduce((sum, { answered }) => sum + answered, 0)).toBeGreaterThanOrEqual(MUTATIONS);
  expect(Math.min(findings.accepted, findings.refused)).toBeGreaterThan(MUTATIONS / 2);
});
