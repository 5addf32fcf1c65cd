import { atReseller, BLANK, type Case, fleet, inYears, UNKNOWN_EACH, waiting } from './setting.ts';

export const operationCases: Readonly<Record<string, Case>> = {
  syncApiKey: { input: (setting) => ({ ...fleet(setting), newKey: 'abcDEF123456' }), taken: UNKNOWN_EACH },
  disableApiKeys: { input: (setting) => ({ ...fleet(setting), reason: 'OTHER', note: 'why' }), taken: UNKNOWN_EACH },
  enableApiKeys: { input: (setting) => ({ ...fleet(setting), note: 'why' }), taken: UNKNOWN_EACH },
  regenerateApiKeys: { input: fleet, taken: UNKNOWN_EACH },
  renewSubscriptions: { input: (setting) => ({ ...fleet(setting), endsAt: inYears(3) }), taken: UNKNOWN_EACH },
  approveBulkOperation: {
    input: async (setting) => ({ ...(await waiting(setting)), note: 'why' }),
    taken: { note: BLANK },
  },
  rejectBulkOperation: { input: async (setting) => ({ ...(await waiting(setting)), note: 'why' }) },
  cancelBulkOperation: { input: async (setting) => ({ id: (await waiting(setting)).bulkOperationId }) },
  setApprovalAbove: { input: (setting) => ({ ...atReseller(setting), approvalAbove: 10 }) },
};
