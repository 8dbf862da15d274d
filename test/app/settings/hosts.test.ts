import { expect, test } from 'vitest';
import { ownHosts, parseHosts } from '../../../src/settings/hosts.ts';

test.each([
  ['todo.example', ['todo.example']],
  ['TODO.example, 192.0.2.1', ['todo.example', '192.0.2.1']],
  ['bücher.example', ['xn--bcher-kva.example']],
  ['2001:DB8:0::1,[::2]', ['2001:db8::1', '::2']],
  ['a_b', ['a_b']],
])('parseHosts() takes %j in the form of URLs', (text, value) => {
  expect(parseHosts(text)).toEqual({ value });
});

test.each([
  '*',
  '*.example',
  'a.example:80',
  '[::1]:80',
  'http://a.example',
  'a.example/',
  'a b',
  'a%62',
  '1.2.3.999',
  'fe80::1%eth0',
])('parseHosts() refuses %j and quotes it', (entry) => {
  const error = `"${entry}" is not a host; write todo.example or 192.0.2.1, without a port`;
  expect(parseHosts(`a.example,${entry}`)).toEqual({ error });
});

test('parseHosts() does not quote an entry that may hold a password', () => {
  const error = 'an entry is not a host; write todo.example or 192.0.2.1, without a port';
  expect(parseHosts('user:SECRET@a.example')).toEqual({ error });
});

const LOOPBACK = ['localhost', 'localhost.', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'];

test.each([
  [
    '127.0.0.1',
    [],
    [],
    ['a.example', '192.0.2.1', '[::]', '0.0.0.0', 'todo', 'a.localhost.example'],
  ],
  ['::1', [], [], ['a.example', '[::2]']],
  ['192.0.2.1', [], ['192.0.2.1'], ['192.0.2.2', 'a.example']],
  ['[2001:DB8::1]', [], ['[2001:db8::1]'], ['[2001:db8::2]']],
  ['Todo.example', ['a.example'], ['todo.example', 'a.example'], ['b.example', 'xa.example']],
  ['127.0.0.1', ['2001:db8::1'], ['[2001:db8::1]'], ['[2001:db8::2]']],
  // An address or a name without a dot cannot be the name of a web site.
  ['0.0.0.0', [], ['192.0.2.1', '[2001:db8::1]', '0.0.0.0', 'todo'], ['a.example', 'todo.']],
  ['::', ['a.example'], ['192.0.2.1', 'todo', 'a.example'], ['b.example']],
])('ownHosts(%j, %j) accepts %j and not %j', (address, allowed, accepted, refused) => {
  const isOwnHost = ownHosts(address, allowed);
  expect([...LOOPBACK, ...accepted].filter((name) => !isOwnHost(name))).toEqual([]);
  expect(refused.filter(isOwnHost)).toEqual([]);
});
