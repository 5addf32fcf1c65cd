import { uniqueName } from '../../support/fixtures.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { rotateWithOverlap } from '../../support/rotation-policies.ts';
import {
  atReseller,
  type Case,
  fleet,
  type Input,
  inYears,
  make,
  type Setting,
  slot,
  UNKNOWN_EACH,
  waiting,
} from './setting.ts';

const newPolicy = (setting: Setting) => ({
  ...atReseller(setting),
  name: uniqueName('Policy'),
  maximumAgeDays: 90,
  mode: 'NOTIFY',
  window: { days: ['SUNDAY'], fromHour: 1, toHour: 5, timeZone: 'Europe/Berlin' },
  noticeDays: [14, 7],
  sharedString: true,
  overlapMinutes: 0,
  overlapGraceMinutes: 15,
});

async function policy(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'rotationPolicy.id';
  return { rotationPolicyId: await make(client, 'createRotationPolicy', newPolicy(setting), path) };
}

const beginOverlap = async (world: KeyWorld) => {
  await rotateWithOverlap(world);
};

export const rotationCases: Readonly<Record<string, Case>> = {
  createRotationPolicy: { input: newPolicy },
  updateRotationPolicy: {
    input: async (setting) => {
      const { serviceProviderId: _, ...changes } = newPolicy(setting);
      return { ...(await policy(setting)), ...changes, isEnabled: true };
    },
  },
  deleteRotationPolicy: { input: policy },
  planRotation: {
    input: (setting) => ({ ...fleet(setting), runAt: inYears(0.5), newKey: 'abcDEF123456', overlapMinutes: 0 }),
    taken: UNKNOWN_EACH,
  },
  cancelRotation: { input: async (setting) => ({ id: (await waiting(setting)).bulkOperationId }) },
  setOverlapAllowed: { input: (setting) => ({ ...atReseller(setting), overlapAllowedMinutes: 10 }) },
  endKeyOverlap: { input: slot, arrange: beginOverlap },
};
