import { once } from 'node:events';
import { createServer, isIP } from 'node:net';
import { expect, test, vi } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { createOutboundFetch, type LookUp } from '../../../src/outbound/outbound-fetch.ts';
import { startWebhooks } from '../../../src/webhook/webhook.worker.ts';
import { keyInput } from '../../support/fixtures.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { openTestInstallation } from '../../support/test-installation.ts';
import { startReceiver } from '../../support/webhook-receiver.ts';
import { createEndpoint, seal } from '../../support/webhooks.ts';

/** Counts whoever connects, by any address of this machine. */
async function startTrap() {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, '::');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Addresses as they can be written in a URL. */
const written = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001'],
  ...['127.255.255.254', '0', '0.0.0.0', '0x0', '10.0.0.1', '10.255.255.255', '100.64.0.1', '169.254.169.254'],
  ...['2852039166', '0xa9fea9fe', '169.254.170.2', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  ...['192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255'],
  ...['168.63.129.16', '①②⑦.⓪.⓪.①', '127。0。0。1', '127.0.0.1.'],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
  ],
  ...['[64:ff9b::7f00:1]', '[64:ff9b:1::1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fe80::1]', '[fc00::1]'],
  ...['[fd00:ec2::254]', '[ff02::1]', '[2001:db8::1]', '[100::1]', '[fec0::1]', '[3fff::1]', '[5f00::1]'],
];

/** Names, and what the name service says of them: at once, or only the second time. */
const names: Readonly<Record<string, readonly (readonly string[])[]>> = {
  localhost: [['127.0.0.1', '::1']],
  'metadata.google.internal': [['169.254.169.254']],
  'instance-data.example': [['fd00:ec2::254']],
  'mixed.example': [['8.8.8.8', '127.0.0.1']],
  'mixed-six.example': [['2606:4700::1111', '::1']],
  'mapped.example': [['::ffff:127.0.0.1']],
  'nat64.example': [['64:ff9b::7f00:1']],
  'nothing.example': [[]],
  'rebound.example': [['0.0.0.0'], ['127.0.0.1'], ['::1']],
};

test(`${written.length + Object.keys(names).length} forms of forbidden addresses: nothing is ever connected to`, {
  timeout: 60_000,
}, async () => {
  await using trap = await startTrap();
  const asked = new Map<string, number>();
  const lookUp: LookUp = (name, _, done) => {
    const turn = asked.get(name) ?? 0;
    asked.set(name, turn + 1);
    const answers = names[name] ?? [];
    const addresses = answers[Math.min(turn, answers.length - 1)] ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  };
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: [], timeoutMs: 2000, lookUp });
  for (const scheme of ['https', 'http']) {
    for (const host of [...written, ...Object.keys(names)]) {
      const url = `${scheme}://${host}:${trap.port}/`;
      // Tried again and again, as attempts are: a name may change what it stands for.
      for (let turn = 0; turn < 3; turn++) {
        const failure = await outboundFetch(url).then(
          ({ status }) => status,
          (error: unknown) => (error as { failure?: string }).failure,
        );
        expect([url, failure]).toEqual([url, expect.stringMatching(/^FORBIDDEN_(ADDRESS|URL)$/)]);
      }
    }
  }
  expect([...asked.keys()].sort()).toEqual(Object.keys(names).sort());
  expect(trap.connections()).toBe(0);
});

test('an endpoint at one of them is refused when it is made, and when its name turns out to be one', async () => {
  await using trap = await startTrap();
  await using keyward = await openTestInstallation();
  const world = await createKeyWorld(keyward);
  const admin = world.as(world.providerAdmin);
  for (const host of written) {
    const made = createEndpoint(admin, world.tenants.reseller, `https://${host}:${trap.port}/`);
    await expect(made).rejects.toMatchObject({ code: 'VALIDATION_FAILED', field: ['url'] });
  }
  const { ref } = await createEndpoint(admin, world.tenants.reseller, `https://localhost:${trap.port}/`);
  await regenerateApiKey(admin, keyInput(world.organization));
  await seal(keyward.services);
  await using _ = startWebhooks(keyward.services, { outboundFetch: keyward.services.outboundFetch, timeoutMs: 2000 });
  await vi.waitFor(async () => {
    const rows = await keyward.database.query(
      `select status, attempts, error from webhook_delivery where endpoint_id = '${ref.webhookEndpointId}'`,
    );
    expect(rows).toEqual([{ status: 'PENDING', attempts: 1, error: 'the address is not on the public internet' }]);
  }, 10_000);
  expect(trap.connections()).toBe(0);
});

test('a redirect leads nowhere, not even to where it might', async () => {
  await using trap = await startTrap();
  await using receiver = await startReceiver();
  const outboundFetch = createOutboundFetch({ allowedPrivateHosts: [receiver.host], timeoutMs: 2000 });
  for (const status of [301, 302, 303, 307, 308]) {
    const location = `http://127.0.0.1:${trap.port}/`;
    receiver.react(() => ({ kind: 'ANSWER', status, headers: { location } }));
    expect((await outboundFetch(receiver.url, { method: 'POST', body: '{}' })).status).toBe(status);
  }
  expect(trap.connections()).toBe(0);
});
