import { isIPv6 } from 'node:net';

/**
 * Whatever belongs to one subscriber of the internet: an IPv4 address, or the 64 bits of an IPv6 address below which
 * everybody has as many addresses as they like. Anything else stands for itself.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [withoutZone = ''] = address.split('%');
  if (!isIPv6(withoutZone)) return address;
  const written = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [head = '', tail] = written.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...(tail ?? [])];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
