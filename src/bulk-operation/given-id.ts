import { KeyString, maskKey } from '../api-key/key-string.ts';

/** In UTF-16 code units; no id of ours is as long. */
const LONGEST_KEPT = 100;
const CONTROL_CHARACTERS = /\p{Cc}/gu;

/**
 * What is kept of an id that names nothing, to tell of it: as it was given, as far as an id can look so. A key string that
 * somebody took for an id is kept nowhere in the clear.
 */
export function keptId(given: string): string {
  const key = KeyString.parse(given.trim());
  if (key !== null) return maskKey(key.lastFour);
  return given.slice(0, LONGEST_KEPT).toWellFormed().replaceAll(CONTROL_CHARACTERS, '\u{fffd}');
}
