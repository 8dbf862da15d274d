import { expect, test } from 'vitest';
import { parseHosts } from '../../../src/settings/hosts.ts';

test.each([
  ['todo.example', ['todo.example']],
  ['TODO.example, 192.0.2.1', ['todo.example', '192.0.2.1']],
  ['bücher.example', ['xn--bcher-kva.example']],
  ['2001:DB8:0::1,[::2]', ['2001:db8::1', '::2']],
  ['a_b', ['a_b']],
])('parseHosts() normalizes %j as URLs do', (text, value) => {
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
  const problem = `has "${entry}", which is not a host`;
  const error = { problem, fix: 'use todo.example or 192.0.2.1, without a port' };
  expect(parseHosts(`a.example,${entry}`)).toEqual({ error });
});

test('parseHosts() does not quote an entry that may hold a password', () => {
  const parsed = parseHosts('a.example,user:SECRET@a.example');
  expect(parsed).toMatchObject({ error: { problem: 'has an entry, which is not a host' } });
});
