import { describe, expect, test } from 'vitest';
import { type Networks, parseNetworks } from '../../../src/settings/networks.ts';

function networksOf(text: string): Networks {
  const parsed = parseNetworks(text);
  if ('error' in parsed) throw new Error(parsed.error.problem);
  return parsed.value;
}

describe('parseNetworks()', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    [' 10.0.0.1 ', '10.0.0.1', true],
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.9.9.9/8', '10.0.0.1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:11.1.2.3', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['::1', '::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['::1', '127.0.0.1', false],
    ['fd00::/8', 'fdab::1', true],
    ['fd00::/8', 'fe80::1', false],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['10.0.0.0/8', 'unknown', false],
    ['10.0.0.0/8', '', false],
    ['fe80::/10', 'fe80::1%eth0', false],
  ])('parseNetworks(%j) returns a function that maps %j to %j', (entry, address, trusted) => {
    expect(networksOf(entry)(address)).toBe(trusted);
  });

  test('contains no network for an empty list, and each of several', () => {
    expect(networksOf('')('127.0.0.1')).toBe(false);
    const isAmong = networksOf('10.0.0.1, fd00::/8');
    expect(['10.0.0.1', 'fd00::1', '10.0.0.2'].map(isAmong)).toEqual([true, true, false]);
  });

  test.each([
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/8x',
    '::1/129',
    'fe80::1%eth0',
    '*',
  ])('rejects the list and names the bad entry %j', (entry) => {
    const problem = `has "${entry}", which is not an address`;
    const error = { problem, fix: 'use 10.0.0.1, 10.0.0.0/8 or fd00::/8' };
    expect(parseNetworks(`10.0.0.1,${entry}`)).toEqual({ error });
  });
});
