import { describe, expect, test } from 'vitest';
import { createTrustedProxies } from '../../src/http/trusted-proxies.ts';

describe('createTrustedProxies()', () => {
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
  ])('with %j answers %j with %j', (entry, address, trusted) => {
    expect(createTrustedProxies([entry])(address)).toBe(trusted);
  });

  test('trusts nobody when the list is empty, and everybody on it otherwise', () => {
    expect(createTrustedProxies([])('127.0.0.1')).toBe(false);
    const isTrusted = createTrustedProxies(['10.0.0.1', 'fd00::/8']);
    expect([isTrusted('10.0.0.1'), isTrusted('fd00::1'), isTrusted('10.0.0.2')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each([
    '',
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
  ])('throws an error that names the bad entry %j', (entry) => {
    expect(() => createTrustedProxies(['10.0.0.1', entry])).toThrow(`"${entry}" is no address`);
  });
});
