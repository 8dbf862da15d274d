import { expect, test } from 'vitest';
import { parseBrowserEndpoint } from '../../../src/settings/origins.ts';

test.each([
  ['http://localhost:4318', 'http://localhost:4318'],
  ['https://Collector.example/', 'https://collector.example'],
  ['https://collector.example/otlp//', 'https://collector.example/otlp'],
])('parseBrowserEndpoint() parses %s as %s', (text, value) => {
  expect(parseBrowserEndpoint(text)).toEqual({ value });
});

test.each([
  'collector:4318',
  '//collector.example',
  'ftp://collector.example',
  'https://user:secret@collector.example',
  'https://collector.example?key=secret',
  'https://collector.example#traces',
  "https://collector.example; script-src 'unsafe-inline'",
  'x',
])('parseBrowserEndpoint() refuses %s', (text) => {
  expect(parseBrowserEndpoint(text)).toMatchObject({
    error: { fix: expect.stringContaining('https://') },
  });
});
