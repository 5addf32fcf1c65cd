import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type ApiKeyStatus,
  apiKeyStatus,
  type DisablementSource,
  disablementSources,
} from '../../../src/api-key/api-key.ts';
import { TenantKeys } from '../../../src/secrets/tenant-keys.ts';
import { planDemoFleet } from '../../../src/seed/demo-fleet.ts';
import type { OrganizationState } from '../../../src/seed/organization-states.ts';
import { tellHistory } from '../../../src/seed/tell-history.ts';

type Expectation = (status: ApiKeyStatus, sources: readonly DisablementSource[]) => boolean;
const works: Expectation = (status) => status === 'ENABLED';
const isEmptySlot: Expectation = (status) => status === 'NONE';
const isDisabledBy =
  (...expected: DisablementSource[]): Expectation =>
  (status, sources) =>
    status === 'DISABLED' && expected.every((source) => sources.includes(source)) && sources.length === expected.length;
const expectedStatus: Record<OrganizationState, Expectation> = {
  ACTIVE: works,
  ENDING_THIS_MONTH: works,
  ENDING_THIS_WEEK: works,
  EXPIRED: isDisabledBy('SUBSCRIPTION_EXPIRED'),
  CANCELLED: isDisabledBy('SUBSCRIPTION_EXPIRED'),
  SCHEDULED: isEmptySlot,
  SCHEDULED_AFTER_END: isDisabledBy('SUBSCRIPTION_EXPIRED'),
  NO_SUBSCRIPTION: isEmptySlot,
  DISABLED_BY_PROVIDER: isDisabledBy('SERVICE_PROVIDER'),
  DISABLED_BY_PLATFORM: isDisabledBy('PLATFORM'),
  OVER_THRESHOLD: isDisabledBy('CALL_THRESHOLD'),
  DISABLED_BY_PROVIDER_AND_PLATFORM: isDisabledBy('SERVICE_PROVIDER', 'PLATFORM'),
  DISABLED_BY_PROVIDER_AND_THRESHOLD: isDisabledBy('SERVICE_PROVIDER', 'CALL_THRESHOLD'),
  DISABLED_WITHOUT_KEY: isDisabledBy('SERVICE_PROVIDER'),
  EXPIRED_AND_DISABLED: isDisabledBy('SERVICE_PROVIDER', 'SUBSCRIPTION_EXPIRED'),
  KEY_DELETED: isEmptySlot,
};

describe('the story of the fleet', () => {
  test('breaks no rule of the product and ends in the same states, at whatever hour it is told', () => {
    const keys = new TenantKeys(new Map([[1, randomBytes(32)]]), randomBytes(32));
    for (let hour = 0; hour < 24; hour += 1) {
      const then = new Date(Date.UTC(2028, 1, 29) + hour * 3_600_000 + 1);
      const { drafts, random } = planDemoFleet(then);
      for (const draft of drafts) {
        const history = tellHistory(draft, keys, random, then);
        const slot = history.slots.find(({ kind }) => kind === 'CLOUD_SERVICE');
        expect(
          slot && expectedStatus[draft.state](apiKeyStatus(slot, then), disablementSources(slot, then)),
          draft.state,
        ).toBe(true);
        expect(history.events.every(({ at }) => at <= then)).toBe(true);
      }
    }
  });
});
