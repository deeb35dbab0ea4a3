import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPrivateLiteral, isPublicAddress } from '../../../src/webhooks/send/public-address.js';

/** Every IPv4 range that is not public, with the place that reserves it. */
const reservedIPv4 = [
  ['0.0.0.0', 8, 'this network'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT, and the metadata of Alibaba Cloud'],
  ['127.0.0.0', 8, 'loopback'],
  ['168.63.129.16', 32, 'the host agent of Azure'],
  ['169.254.0.0', 16, 'link-local, and the metadata of most clouds'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'protocol assignments, and the metadata of Oracle Cloud'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.31.196.0', 24, 'AS112'],
  ['192.52.193.0', 24, 'AMT'],
  ['192.88.99.0', 24, 'relays of 6to4'],
  ['192.168.0.0', 16, 'private'],
  ['192.175.48.0', 24, 'AS112'],
  ['198.18.0.0', 15, 'benchmarking'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
  ['255.255.255.255', 32, 'broadcast'],
] as const;

const publicIPv4 = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
];

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (number: number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
const hex = (address: string) => {
  const digits = toNumber(address).toString(16).padStart(8, '0');
  return `${digits.slice(0, 4)}:${digits.slice(4)}`;
};

/** IPv6 addresses that contain an IPv4 address. */
const forms: Readonly<Record<string, (address: string) => string>> = {
  mapped: (address) => `::ffff:${address}`,
  'mapped, in hexadecimal': (address) => `::ffff:${hex(address)}`,
  'mapped, written out': (address) => `0:0:0:0:0:FFFF:${hex(address)}`,
  compatible: (address) => `::${address}`,
  'compatible, in hexadecimal': (address) => `0:0:0:0:0:0:${hex(address)}`,
  'translated (RFC 2765)': (address) => `::ffff:0:${address}`,
  NAT64: (address) => `64:ff9b::${address}`,
  'NAT64, in hexadecimal': (address) => `64:ff9b::${hex(address)}`,
  'NAT64 of a local network': (address) => `64:ff9b:1::${address}`,
  '6to4': (address) => `2002:${hex(address)}::1`,
  'Teredo, as its server': (address) => `2001:0:${hex(address)}::1`,
  'Teredo, as its client': (address) => `2001::${hex(toAddress(~toNumber(address) >>> 0))}`,
  ISATAP: (address) => `2600::5efe:${address}`,
  'ISATAP of a public address': (address) => `2600::200:5efe:${address}`,
};

const inAllForms = (address: string) => [address, ...Object.values(forms).map((form) => form(address))];

/** Forms that are as public as the IPv4 address in them. */
const transparent = [
  'mapped',
  'mapped, in hexadecimal',
  'mapped, written out',
  'NAT64',
  'NAT64, in hexadecimal',
];

describe('a webhook is not sent to an IPv4 address for', () => {
  test.each(reservedIPv4)('%s/%i: %s', (network, bits) => {
    const last = toAddress(toNumber(network) + 2 ** (32 - bits) - 1);
    expect([...inAllForms(network), ...inAllForms(last)].filter(isPublicAddress)).toEqual([]);
  });

  test('any of these ranges, in any form', () => {
    const reserved = fc
      .constantFrom(...reservedIPv4)
      .chain(([network, bits]) =>
        fc.nat({ max: 2 ** (32 - bits) - 1 }).map((host) => toAddress(toNumber(network) + host)),
      );
    fc.assert(
      fc.property(reserved, (address) => {
        expect(inAllForms(address).filter(isPublicAddress)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a webhook is not sent to an IPv6 address for', () => {
  test.each([
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback, written out'],
    ['::2', 'the reserved block'],
    ['100::1', 'discard only'],
    ['100:0:0:1::1', 'the dummy prefix'],
    ['200::1', 'a block without a use'],
    ['400::1', 'a block without a use'],
    ['1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'the last address before the public ones'],
    ['2001::1', 'Teredo'],
    ['2001:1::1', 'port control'],
    ['2001:2::1', 'benchmarking'],
    ['2001:3::1', 'AMT'],
    ['2001:4:112::1', 'AS112'],
    ['2001:10::1', 'ORCHID'],
    ['2001:20::1', 'ORCHIDv2'],
    ['2001:30::1', 'drones'],
    ['2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'protocol assignments'],
    ['2001:db8::1', 'documentation'],
    ['2002::1', '6to4'],
    ['2002:808:808::1', '6to4 of a public address'],
    ['2620:4f:8000::1', 'AS112'],
    ['3fff::1', 'documentation'],
    ['3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
    ['4000::1', 'the first address after the public ones'],
    ['5f00::1', 'segment routing'],
    ['8000::1', 'a block without a use'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'the metadata of AWS'],
    ['fd20:ce::254', 'the metadata of Google Cloud'],
    ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'unique local'],
    ['fe00::1', 'a block without a use'],
    ['fe80::1', 'link-local'],
    ['fe80::a9fe:a9fe', 'link-local'],
    ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link-local'],
    ['fec0::1', 'site-local'],
    ['feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'site-local'],
    ['ff02::1', 'multicast'],
    ['ff0e::1', 'global multicast'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
    ['fe80::1%eth0', 'a zone'],
    ['fe80::1%eth-0.1', 'a zone'],
    ['2606:4700::1111%eth0', 'a zone'],
    ['::ffff:8.8.8.8%1', 'a zone'],
  ])('%s: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a webhook is sent to', () => {
  test.each(publicIPv4)('%s, also mapped to IPv6 or through NAT64, but in no other form', (address) => {
    expect(isPublicAddress(address)).toBe(true);
    const publicForms = Object.keys(forms).filter((name) => isPublicAddress(forms[name]?.(address) ?? ''));
    expect(publicForms).toEqual(transparent);
  });

  test.each([
    '2000::1',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2001:db7:ffff::1',
    '2001:db9::1',
    '2003::1',
    '2606:4700:4700::1111',
    '2620:4f:8001::1',
    '2a00:1450:4001:81b::200e',
    '3ffe::1',
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

test.each([
  '',
  ' ',
  'example.com',
  'localhost',
  '8.8.8.8 ',
  '8.8.8.8.',
  '8.8.8',
  '8',
  '134744072',
  '0x8.8.8.8',
  '08.8.8.8',
  '8.8.8.8/32',
  '8.8.8.8:443',
  '[2606:4700::1111]',
  '2606:4700::1111::',
  '2606:4700::1111/64',
  '256.8.8.8',
])('"%s" is no address, so it is not public', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});

describe('the host of a URL', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://127.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0/',
    'http://%31%32%37.0.0.1/',
    'http://127。0。0。1/',
    'http://①②⑦.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::7f00:1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    'http://user@127.1:8080/',
  ])('%s is an address that is not public', (url) => {
    expect(isPrivateLiteral(new URL(url).hostname)).toBe(true);
  });

  test.each([
    'http://8.8.8.8/',
    'http://[2606:4700::1111]/',
    'http://example.com/',
    'http://127.0.0.1.nip.io/',
  ])('%s is a public address, or a name', (url) => {
    expect(isPrivateLiteral(new URL(url).hostname)).toBe(false);
  });
});
