import { BlockList, isIP } from 'node:net';

/** Special-purpose IPv4 networks (IANA registry, RFC 6890), and those that clouds keep for themselves. */
const notPublicIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's host agent, in the middle of a public network
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of what global unicast has, that which is set apart or carries an IPv4 address inside. */
const notPublicIpv6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const notPublic = new BlockList();
for (const [network, prefix] of notPublicIpv4) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of notPublicIpv6) notPublic.addSubnet(network, prefix, 'ipv6');

/** Everything else in IPv6 is loopback, local, multicast, mapped, translated, or nobody's yet. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether it is the address of a host on the public internet. No to whatever is private, loopback, link-local, shared,
 * multicast, reserved, a cloud's metadata service, an IPv6 form of an IPv4 address, or no address at all.
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false; // a zone: of this machine's own links
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
    default:
      return false;
  }
}
