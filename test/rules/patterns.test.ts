import { expect, test } from 'vitest';
import { readProgram } from '../support/repository-files.ts';
import { patternBreaches } from './pattern-rules.ts';

test('no regular expression of the program scans a text from each of its positions', () => {
  const program = readProgram().filter(({ path }) => !path.endsWith('/assets.generated.ts'));
  expect(program.flatMap(patternBreaches)).toEqual([]);
});

test.each([
  '/ +$/',
  '/^[ \\t]+|[ \\t]+$/g',
  '/\\/+$/',
  '/\\s*\\.\\s*/g',
  '/(?:\\/v1\\/traces)+\\/?$/',
  '/\\[[^\\]]*\\]/',
  '/a.*b/',
  '/\\$[^;]*\\$/',
  '/x|a{2,}$/u',
])('patternBreaches() catches %s', (pattern) => {
  expect(patternBreaches({ path: 'a.ts', text: `export const a = ${pattern};` })).toHaveLength(1);
});

test.each([
  '/^ +$/',
  '/(?<! ) +$/',
  '/\\s+/g',
  '/[?#].*/s',
  '/"[^"]*"/',
  '/\\[[^\\]]*(?:\\]|$)/',
  '/a.{0,99}b/',
  '/;\\s*$/',
  '/\\bbearer\\s+a/',
  '/[a-z] +$|^b+$/',
])('patternBreaches() allows %s', (pattern) => {
  expect(patternBreaches({ path: 'a.ts', text: `export const a = ${pattern};` })).toEqual([]);
});
