import { disableByProvider, emptySlot } from '../../support/key-states.ts';
import { type Case, slot } from './setting.ts';

export const apiKeyCases: Readonly<Record<string, Case>> = {
  addApiKey: { input: slot, arrange: emptySlot },
  editApiKey: { input: (setting) => ({ ...slot(setting), newKey: 'abcDEF123456' }) },
  regenerateApiKey: { input: slot },
  deleteApiKey: { input: slot },
  revealApiKey: { input: slot },
  disableApiKey: { input: (setting) => ({ ...slot(setting), reason: 'OTHER', note: 'why' }) },
  enableApiKey: { input: (setting) => ({ ...slot(setting), note: 'why' }), arrange: disableByProvider },
};
