import { keepSecret } from './canary/places.ts';

/** As the field's clients do it. */
export function obfuscateAsClientsDo(keyString: string, timestamp: number | string): string {
  const high = String(timestamp).slice(-6);
  const low = String(Math.floor(Number(high) / 2)).padStart(6, '0');
  let key = '';
  for (const digit of high) key += keyString[Number(digit)];
  for (const digit of low) key += keyString[Number(digit) + 2];
  keepSecret(key);
  return key;
}

let last = 0;
/** The time, and never the same one twice. */
export function nextTimestamp(): number {
  last = Math.max(last + 1, Date.now());
  return last;
}
