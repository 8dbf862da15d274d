import { expect, test } from 'vitest';
import { drawTree } from '../../docs/draw-tree.ts';
import { readRepositoryFile } from '../support/repository-files.ts';

const DURATION = /^[\d.]+ m?s(?: slow)?,?(?: \d+ %)?$/;

function replaceTimes(text: string): string {
  return (
    text
      .replace(/^[\d:]{8}\.\d{3}$/, 'TIME')
      .replace(/^[╸╺━·]+$/, 'BAR')
      .replace(/[\da-f]{32}/, 'ID')
      .replace(/\.ts:\d+$/, '.ts:LINE')
      // The duration before a statement changes how much of it fits.
      .replace(/^(select|insert) .*/, '$1')
  );
}

/** Reads the lines of a picture, without parts that differ between runs. */
function readLines(svg: string): string[] {
  const lines = new Map<string, string>();
  for (const [, y = '', look = '', text = ''] of svg.matchAll(
    /y="([\d.]+)" textLength="\d+" (.*?)>(.*)<\/text>/g,
  )) {
    // Whether a span is marked as slow depends on the machine, and with it the color of the duration.
    const part = DURATION.test(text) ? 'DURATION' : `${look} ${replaceTimes(text)}`;
    lines.set(y, `${lines.get(y) ?? ''} ${part}`);
  }
  return [...lines.values()];
}

test("docs/tree.svg shows the app's output: run `npm run tree`", {
  timeout: 120_000,
}, async () => {
  const lines = readLines(readRepositoryFile('docs/tree.svg'));
  expect(lines.length).toBeGreaterThan(8);
  expect(readLines(await drawTree())).toEqual(lines);
});
