import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Whether what a request says of another one, which it was made for, counts. */
export type Trusts = (request: FastifyRequest) => boolean;

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** @param networks addresses and networks, as `KEYWARD_TRUSTED_PROXIES` names them */
export function trustsPeersIn(networks: readonly string[]): Trusts {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return ({ socket }) => {
    const address = (socket.remoteAddress ?? '').replace(MAPPED, '').replace(/%.*$/, '');
    if (isIPv4(address)) return trusted.check(address, 'ipv4');
    return isIPv6(address) && trusted.check(address, 'ipv6');
  };
}
