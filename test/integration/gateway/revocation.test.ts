import { randomBytes, randomInt } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createTestOrganization } from '../../support/fixtures.ts';
import { startGatewayProcess } from '../../support/gateway-process.ts';
import { gatewayWith, globalIdOf, type TestGateway } from '../../support/gateways.ts';
import { commandInput, commands, createKeyWorld, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { createTestServiceAccount, tokenOf } from '../../support/service-accounts.ts';
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
  isEnabled: boolean;
  /** Commands begun and commands answered. */
  begun: number;
  answered: number;
}

async function known(world: KeyWorld): Promise<Known> {
  const { keyString: key } = await readSlot(world);
  if (key === null) throw new Error('the slot is empty');
  const organization = globalIdOf(world.organization);
  return { world, organization, key, past: [], isEnabled: true, begun: 0, answered: 0 };
}

/** The next command, and what is true once it has been answered. */
async function mutate(slot: Known): Promise<void> {
  const { world } = slot;
  const run = (action: keyof typeof commands, more = {}) =>
    commands[action](world.as(world.providerAdmin), commandInput(world.organization, more));
  const action = slot.isEnabled ? (['EDIT', 'REGENERATE', 'DISABLE'] as const)[randomInt(3)] : 'ENABLE';
  const newKey = randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x');
  slot.begun += 1;
  const { keyString } = await run(action ?? 'EDIT', { newKey });
  if (keyString !== null) slot.past.push(slot.key);
  slot.key = keyString?.expose() ?? slot.key;
  slot.isEnabled = action !== 'DISABLE';
  slot.answered += 1;
}

interface Findings {
  /** Old states that were accepted, current ones that were refused. */
  readonly wrong: string[];
  accepted: number;
  refused: number;
}

/** One question about a slot, asked after what is known of it was answered. */
async function ask(gateway: TestGateway, slot: Known, findings: Findings): Promise<void> {
  const { answered, isEnabled, key: current } = slot;
  const old = slot.past.at(-1 - randomInt(3));
  const key = old === undefined || randomInt(3) === 0 ? current : old;
  const { code } = (await gateway.verify({ organization: slot.organization, key })).body;
  const isUnchanged = slot.begun === answered;
  const isOld = key !== current;
  if (code === 'VALID') findings.accepted += 1;
  else findings.refused += 1;
  if (isOld && code !== 'NOT_FOUND') findings.wrong.push(`an old key: ${code}`);
  if (!isOld && !isEnabled && isUnchanged && code !== 'DISABLED') findings.wrong.push(`a disabled key: ${code}`);
  if (!isOld && isEnabled && isUnchanged && code !== 'VALID') findings.wrong.push(`the current key: ${code}`);
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
  expect(Math.min(findings.accepted, findings.refused)).toBeGreaterThan(MUTATIONS);
});
