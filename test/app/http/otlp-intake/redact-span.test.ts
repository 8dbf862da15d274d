import { expect, test } from 'vitest';
import { createRedactor } from '../../../../packages/hono-opentelemetry/src/index.ts';
import { parseBatch } from '../../../../packages/opentelemetry-instrument/src/intake/parse-batch.ts';
import { redactSpan } from '../../../../src/http/otlp-intake/redact-span.ts';
import { browserBatch, browserSpan, text } from '../../../support/browser-batch.ts';

function redact(fields: Record<string, unknown>) {
  const [span] = parseBatch(browserBatch(browserSpan(fields)))?.spans ?? [];
  return span && redactSpan(span, createRedactor(['tenant']));
}

test.each([
  [
    'url.full',
    'http://a.example/?a=1&token=s3cret#top',
    'http://a.example/?a=1&token=REDACTED#top',
  ],
  ['http.url', 'http://jane:s3cret@a.example/', 'http://REDACTED:REDACTED@a.example/'],
  ['url.path', '/a;jsessionid=s3cret/b', '/a;jsessionid=REDACTED/b'],
  ['url.query', 'a=1&Sig=s3cret', 'a=1&Sig=REDACTED'],
  ['url.query', 'tenant=s3cret', 'tenant=REDACTED'],
  ['url.fragment', 'access_token=s3cret', 'access_token=REDACTED'],
  ['http.target', '/#access_token=s3cret', '/#access_token=REDACTED'],
  ['exception.message', 'GET /?sig=s3cret failed', 'GET /?sig=REDACTED failed'],
])('redactSpan() redacts secrets in the attribute %s', (key, sent, kept) => {
  expect(redact({ attributes: [text(key, sent)] })?.attributes[key]).toBe(kept);
});

test('redactSpan() redacts secrets in names, messages and events, and keeps the rest', () => {
  const secret = 'GET /?token=s3cret';
  const now = `${Math.floor(Date.now() / 1_000)}000000000`;
  const span = redact({
    name: secret,
    status: { code: 2, message: secret },
    attributes: [{ key: 'count', value: { intValue: 3 } }],
    events: [{ name: secret, timeUnixNano: now, attributes: [text('a', secret)] }],
  });
  expect(span).toMatchObject({ attributes: { count: 3 }, events: [{}], status: { code: 2 } });
  expect(JSON.stringify(span)).not.toContain('s3cret');
});
