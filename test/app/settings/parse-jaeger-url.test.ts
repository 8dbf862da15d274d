import { expect, test } from 'vitest';
import { parseJaegerUrl } from '../../../src/settings/origins.ts';

test.each(['http://localhost:16686', 'https://anna:s3cret@jaeger.example/base/?x=1'])(
  'parseJaegerUrl() accepts %s',
  (text) => {
    expect(parseJaegerUrl(text)).toEqual({ value: text });
  },
);

test.each(['localhost:16686', 'jaeger', '127.0.0.1:16686/base', '[::1]:16686'])(
  'parseJaegerUrl() suggests the scheme for %s',
  (text) => {
    expect(parseJaegerUrl(text)).toEqual({
      error: { problem: 'has no scheme', fix: 'add the scheme: http://' },
    });
  },
);

test.each(['javascript:alert(1)', 'ftp://jaeger.example', 'http://', 'anna:s3cret@jaeger:1', '?'])(
  'parseJaegerUrl() refuses %s without quoting it',
  (text) => {
    expect(parseJaegerUrl(text)).toEqual({
      error: { problem: 'is not an HTTP URL', fix: 'use a URL such as http://localhost:16686' },
    });
  },
);
