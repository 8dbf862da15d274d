import { beforeEach, describe, expect, test } from 'vitest';
import type { BrowserSpan } from '../../../../packages/opentelemetry-instrument/src/intake/browser-span.ts';
import { createApp } from '../../../../src/app.ts';
import { browserBatch, browserSpan, sendBatch, text } from '../../../support/browser-batch.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';
import { postForm } from '../../../support/post-form.ts';

const PATH = '/otlp/v1/traces';
const PEER = { peer: { address: '192.0.2.1', port: 1234 } };

let received: BrowserSpan[];
let app: ReturnType<typeof createApp>;
beforeEach(() => {
  received = [];
  app = createApp({
    store: createMemoryTaskStore(),
    changesPerSecond: 5,
    receiveSpans: (spans) => void received.push(...spans),
  });
});

async function send(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return sendBatch((init) => app.request(PATH, init, PEER), body, headers);
}

async function problem(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return response.json();
}

describe('otlpIntake()', () => {
  test('passes on the spans of a page', async () => {
    const response = await send(browserBatch(browserSpan()));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{}');
    expect(received.map(({ name }) => name)).toEqual(['documentLoad']);
  });

  test('accepts an empty batch', async () => {
    for (const body of [{}, { resourceSpans: [] }, browserBatch()]) {
      expect((await send(body)).status).toBe(200);
    }
    expect(received).toEqual([]);
  });

  test('returns the number of rejected spans', async () => {
    const response = await send(browserBatch(browserSpan(), browserSpan({ traceId: 'x' }), 7));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '2',
        errorMessage: expect.stringContaining('valid ids, times'),
      },
    });
    expect(received).toHaveLength(1);
  });

  test('accepts 100 spans of a batch', async () => {
    const spans = Array.from({ length: 130 }, () => browserSpan());
    const response = await send(browserBatch(...spans));
    expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '30' } });
    expect(received).toHaveLength(100);
  });

  test.each(['text/plain', 'application/x-protobuf', 'application/json;charset=utf-16', ''])(
    'refuses the content type "%s" with 415',
    async (type) => {
      const response = await send(browserBatch(browserSpan()), { 'Content-Type': type });
      expect(response.status).toBe(415);
      expect(await problem(response)).toMatchObject({ status: 415 });
    },
  );

  test.each(['', '{', 'null', '7', '[]', '[]x', '"text"', '{"resourceSpans":{}}', '\ud800'])(
    'refuses the body %j with 400',
    async (body) => {
      const response = await send(body);
      expect(response.status).toBe(400);
      expect(await problem(response)).toMatchObject({ status: 400 });
    },
  );

  test.each([
    ['attributes', { attributes: Array(2_700).fill({ key: 'a', value: {} }) }],
    ['attributes that are empty', { attributes: Array(20_000).fill({}) }],
    ['events that are empty', { events: Array(20_000).fill([]) }],
    ['commas', { attributes: [text('a', ','.repeat(60_000))] }],
    ['brackets', { attributes: [text('a', '["{\\'.repeat(9_500))] }],
    ['fields', Object.fromEntries(Array.from({ length: 3_700 }, (_, i) => [`field${i}`, i]))],
  ])('accepts a batch of which one span has 60 kB of %s', async (_, other) => {
    const batch = browserBatch(browserSpan(other), browserSpan({ name: 'other' }));
    expect(JSON.stringify(batch).length).toBeGreaterThan(55_000);
    expect(await (await send(batch)).text()).toBe('{}');
    expect(received.map(({ name }) => name)).toEqual(['documentLoad', 'other']);
  });

  test('refuses a body of 101 levels with 400', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const body = (levels: number) => `{"resourceSpans":${nested(levels)}}`;
    expect((await send(body(99))).status).toBe(200);
    expect((await send(body(100))).status).toBe(400);
  });

  test('refuses 100 kB with 413', async () => {
    const response = await send(browserBatch(browserSpan({ name: 'x'.repeat(100_000) })));
    expect(response.status).toBe(413);
    expect(await problem(response)).toMatchObject({ status: 413 });
  });

  test.each([
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://b.example' },
    { Origin: 'null' },
  ])('refuses requests of other sites with 403: %j', async (headers) => {
    expect((await send(browserBatch(browserSpan()), headers)).status).toBe(403);
    expect(received).toEqual([]);
  });

  test.each([{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: 'http://localhost' }, {}])(
    "accepts requests of the app's pages and of programs: %j",
    async (headers) => {
      expect((await send(browserBatch(browserSpan()), headers)).status).toBe(200);
    },
  );

  test.each(['GET', 'PUT', 'OPTIONS'])('answers %s with 405', async (method) => {
    const response = await app.request(PATH, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test('accepts 20 batches per second from one client, with a burst of two seconds', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => send({})));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(15);
    expect(refused.length).toBeLessThanOrEqual(20);
    expect(await problem(refused[0] as Response)).toMatchObject({
      detail: expect.stringContaining('20 batches per second'),
    });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  });

  test('refuses a burst of more than 2,000 spans from all clients with 429', async () => {
    const full = browserBatch(...Array.from({ length: 100 }, () => browserSpan()));
    const statuses: number[] = [];
    // A slow machine takes long enough for some spans to be let in again, at 1,000 a second.
    for (let i = 0; i < 200 && !statuses.includes(429); i += 1) {
      const bindings = { peer: { address: `192.0.2.${i}`, port: 1234 } };
      const response = await sendBatch((init) => app.request(PATH, init, bindings), full);
      statuses.push(response.status);
      if (response.status === 429) {
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(await problem(response)).toMatchObject({ status: 429 });
      }
    }
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(200));
    expect(statuses).toContain(429);
    expect(received.length).toBe(100 * statuses.filter((status) => status === 200).length);
  });

  test('has a rate limit separate from that of changes', async () => {
    const add = () => app.request('/add', form, PEER);
    const form = { method: 'POST', body: new URLSearchParams({ task: 'milk' }) };
    for (let i = 0; i < 20; i++) expect((await send({})).status).toBe(200);
    const added = await Promise.all(Array.from({ length: 15 }, add));
    expect(added.filter(({ status }) => status === 303)).toHaveLength(10);
    expect((await send({})).status).toBe(200);
  });
});

test('createApp() has no intake without an exporter for spans', async () => {
  app = createApp({ store: createMemoryTaskStore() });
  expect((await send(browserBatch(browserSpan()))).status).toBe(404);
  expect((await postForm(app, PATH, {})).status).toBe(404);
});
