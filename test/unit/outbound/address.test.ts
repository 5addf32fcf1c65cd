import { expect, test } from 'vitest';
import { isPublicAddress } from '../../../src/outbound/address.ts';

const notPublic = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::', '0:0:0:0:0:0:0:0'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'link-local': ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1'],
  'unique local': ['fc00::1', 'fd12:3456:789a::1'],
  'shared (CGNAT)': ['100.64.0.1', '100.127.255.255'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  'broadcast and reserved': ['255.255.255.255', '240.0.0.1', '192.0.0.1', '198.18.0.1', '198.19.255.255'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'metadata of clouds': ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16'],
  'IPv4 inside IPv6': ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1'],
  'IPv4 in a tunnel': ['64:ff9b:1::a00:1', '2002:7f00:1::1', '2001::1', '2001:0:4136:e378::1', '192.88.99.1'],
  'discarded or unassigned': ['100::1', '4000::1', '8000::1'],
  'no address': [
    '',
    'localhost',
    'example.com',
    '127.1',
    '0x7f.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '[::1]',
    '2606:4700::1%1',
  ],
};

test.for(Object.entries(notPublic))('%s is not public', ([, addresses]) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test('what lies on the public internet is, up to the very edges of what does not', () => {
  const addresses = [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
  ];
  addresses.push('128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255');
  addresses.push('192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '168.63.129.15');
  addresses.push('2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001::200e', '2001:200::1', '2003::1');
  expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
});
