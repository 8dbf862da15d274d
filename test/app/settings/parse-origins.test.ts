import { expect, test } from 'vitest';
import { parseOrigins } from '../../../src/settings/origins.ts';

test.each([
  ['https://a.example', ['https://a.example']],
  ['https://a.example, http://localhost:3000', ['https://a.example', 'http://localhost:3000']],
  ['HTTPS://A.Example:443', ['https://a.example']],
  ['https://bücher.example', ['https://xn--bcher-kva.example']],
  ['http://[::1]:8080', ['http://[::1]:8080']],
])('parseOrigins() normalizes %j as browsers do', (text, value) => {
  expect(parseOrigins(text)).toEqual({ value });
});

test.each([
  '*',
  'null',
  'a.example',
  '//a.example',
  'https://*.example',
  'https://a.example/',
  'https://a.example/page',
  'https://a.example?',
  'https://user@a.example',
  'https://a.example:99999',
  'https://',
  'ftp://a.example',
  'file:///tmp',
  'https://a.example https://b.example',
])('parseOrigins() rejects the list and names the bad entry %j', (entry) => {
  const named = /[?@]/.test(entry) ? 'an entry' : `"${entry}"`;
  const problem = `has ${named}, which is not an origin`;
  const error = { problem, fix: 'use https://a.example or http://localhost:3000' };
  expect(parseOrigins(`https://a.example,${entry}`)).toEqual({ error });
});
