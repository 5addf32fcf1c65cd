import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { trustsPeersIn } from '../../../src/http/trusted-peers.ts';

const from = (remoteAddress: string | undefined) => ({ socket: { remoteAddress } }) as FastifyRequest;

test.for<[string[], string | undefined, boolean]>([
  [[], '127.0.0.1', false],
  [['127.0.0.1'], '127.0.0.1', true],
  [['127.0.0.1'], '::ffff:127.0.0.1', true],
  [['127.0.0.1'], '::FFFF:127.0.0.1', true],
  [['127.0.0.1'], '127.0.0.2', false],
  [['10.0.0.0/8', '::1'], '10.255.0.1', true],
  [['10.0.0.0/8', '::1'], '11.0.0.1', false],
  [['10.0.0.0/8', '::1'], '::1', true],
  [['fd00::/8'], 'fd12:3456::1', true],
  [['fd00::/8'], 'fe80::1%eth0', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['0.0.0.0/1'], undefined, false],
  [['10.0.0.0/8'], '', false],
])('%j, %s: %s', ([networks, peer, isTrusted]) => {
  expect(trustsPeersIn(networks)(from(peer))).toBe(isTrusted);
});
