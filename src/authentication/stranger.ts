import { type Actor, PLATFORM_HOME } from '../identity/actor.ts';

/** Somebody who gave a name that nobody has: it may be a mistyped password, so it is not written down. */
export const stranger: Actor = {
  id: null,
  displayName: 'Unknown',
  role: null,
  authority: 'ORGANIZATION',
  permissions: new Set(),
  scope: { level: 'PLATFORM' },
  home: PLATFORM_HOME,
  onBehalfOf: null,
};
