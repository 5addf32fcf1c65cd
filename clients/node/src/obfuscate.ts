const DIGITS = 6;
const SHIFT = 2;

/**
 * What goes over the wire instead of the key: twelve of its characters, picked by the last six digits of the time and by half
 * of the number that they make.
 * @param timestampMs epoch milliseconds; each is accepted once
 */
export function obfuscate(apiKey: string, timestampMs: number): string {
  const digits = String(timestampMs).slice(-DIGITS).padStart(DIGITS, '0');
  const half = String(Number(digits) >> 1).padStart(DIGITS, '0');
  return pick(apiKey, digits, 0) + pick(apiKey, half, SHIFT);
}

function pick(apiKey: string, digits: string, shift: number): string {
  return [...digits].map((digit) => apiKey.charAt(Number(digit) + shift)).join('');
}
