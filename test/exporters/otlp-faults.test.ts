import { Buffer } from 'node:buffer';
import process from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import type { OtlpProtocol } from '../../exporters/index.ts';
import { currentRuntime } from '../support/app-command.ts';
import { openDelivery } from '../support/open-delivery.ts';
import { startSink } from '../support/otlp-protocols.ts';
import type { OtlpAnswer, OtlpSink } from '../support/otlp-sink.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { recordSpans } from '../support/sdk-records.ts';

// Not onTestFinished(): after an await it may register with a concurrent test.
const opened: (() => Promise<void>)[] = [];
afterAll(async () => void (await Promise.all(opened.map((close) => close()))));

/** Opens a sink, and returns a function that sends it batches of spans and counts their outcome. */
async function open(protocol: OtlpProtocol, variables: Record<string, string> = {}) {
  const sink = await startSink(protocol);
  const { messages, delivery, send, shutdown } = await openDelivery(protocol, sink.url, variables);
  opened.push(async () => {
    await shutdown();
    await sink.close();
  });
  let created = 0;
  return {
    sink,
    messages,
    delivery,
    /** Sends a batch, and resolves when it has come to its end, to the milliseconds that took. */
    async send(count: number): Promise<number> {
      const batch = recordSpans((tracer) => {
        for (let i = 0; i < count; i++) tracer.startSpan(`span ${created++}`).end();
      });
      const startedAt = performance.now();
      await send(batch);
      return performance.now() - startedAt;
    },
  };
}

/** Outcomes of the 5,000 spans, a row for each protocol. */
const matrix: string[] = [];
afterAll(() => {
  const head = row(`${currentRuntime}, spans`, 'created', 'exported', 'rejected', 'dropped');
  process.stderr.write(`\n${[head, ...matrix.sort()].join('\n')}\n`);
});

function row(name: string, created: string | number, ...ends: (string | number)[]): string {
  const sum = ends.map((end) => String(end).padStart(9)).join(' + ');
  return `  ${name.padEnd(15)}${String(created).padStart(5)} = ${sum}`;
}

/** Milliseconds between the requests that came. */
function pauses({ requests }: OtlpSink): number[] {
  return requests.slice(1).map((each, i) => each.receivedAt - (requests[i]?.receivedAt ?? 0));
}

function first(count: number, answer: OtlpAnswer, sink: OtlpSink): () => OtlpAnswer {
  return () => (sink.requests.length <= count ? answer : {});
}

describe.concurrent.each(PROTOCOLS)('OTLP by %s', (protocol) => {
  test(`${protocol} retries once, about a second after a 503, without a duplicate`, async () => {
    const { sink, send, delivery } = await open(protocol);
    sink.answerWith(first(1, { status: 503 }, sink));
    await send(3);
    expect(sink.spans.map(({ name }) => name)).toEqual(['span 0', 'span 1', 'span 2']);
    expect(pauses(sink)).toEqual([expect.closeTo(1_100, -3)]);
    expect(pauses(sink)[0]).toBeGreaterThan(790);
    expect(delivery.counts).toMatchObject({ created: 3, exported: 3, rejected: 0 });
  });

  test(`${protocol} waits at least the Retry-After of a 429`, async () => {
    const { sink, send, delivery } = await open(protocol);
    sink.answerWith(first(1, { status: 429, headers: { 'retry-after': '2' } }, sink));
    await send(1);
    expect(pauses(sink)).toHaveLength(1);
    expect(pauses(sink)[0]).toBeGreaterThan(1_990);
    expect(delivery.counts.exported).toBe(1);
  });

  test.each(['60', '99999999999'])(
    `${protocol} drops and counts immediately after a 429 with a Retry-After of %s`,
    async (seconds) => {
      const { sink, send, delivery } = await open(protocol);
      sink.answerWith({ status: 429, headers: { 'retry-after': seconds } });
      expect(await send(2)).toBeLessThan(700);
      expect(sink.requests).toHaveLength(1);
      expect(delivery.counts.dropped).toMatchObject({ failed: 2 });
    },
  );

  const late = new Date(Date.now() - 60_000).toUTCString();
  test.each(protocol === 'grpc' ? ['0', '-5', '1e15'] : ['0', 'soon', '-5', late])(
    `${protocol} backs off without a burst after a 429 with a Retry-After of %s`,
    async (retryAfter) => {
      const { sink, send, delivery } = await open(protocol, { OTEL_EXPORTER_OTLP_TIMEOUT: '3000' });
      sink.answerWith({ status: 429, headers: { 'retry-after': retryAfter } });
      await send(1);
      expect(sink.requests.length).toBeLessThan(4);
      for (const pause of pauses(sink)) expect(pause).toBeGreaterThan(790);
      // The last attempt may run out of time.
      const { failed, timeout } = delivery.counts.dropped;
      expect(failed + timeout).toBe(1);
    },
  );

  test.each([400, 413, 500])(
    `${protocol} drops, counts and reports after status %s, without a retry`,
    async (status) => {
      const { sink, send, delivery, messages } = await open(protocol);
      sink.answerWith({ status });
      await send(2);
      await send(3);
      expect(sink.requests).toHaveLength(2);
      expect(delivery.counts).toMatchObject({ rejected: 0, dropped: { failed: 5 } });
      expect(messages).toEqual([
        expect.stringMatching(/^[\d:]{8} Traces to otlp: 2 spans dropped; .*; .*[^.]$/),
      ]);
    },
  );

  test(`${protocol} counts and reports a partial success, without a retry`, async () => {
    const { sink, send, delivery, messages } = await open(protocol);
    sink.answerWith({ rejected: 2, errorMessage: 'too\u001b[31m\nold.' });
    await send(5);
    expect(sink.requests).toHaveLength(1);
    expect(delivery.counts).toMatchObject({ created: 5, exported: 3, rejected: 2 });
    expect(messages).toEqual([
      expect.stringMatching(/Traces to otlp: 2 spans rejected by the collector; too \[31m old$/),
    ]);
  });

  test.each(['hang', 'drip'] as const)(
    `${protocol} abandons a response that does %s in time and sends the next batch`,
    async (fault) => {
      const { sink, send, delivery } = await open(protocol, { OTEL_EXPORTER_OTLP_TIMEOUT: '1000' });
      sink.answerWith(first(1, { fault }, sink));
      const millis = await send(1);
      expect(millis).toBeGreaterThan(990);
      // The default is 10 s.
      expect(millis).toBeLessThan(8_000);
      expect(delivery.counts.dropped).toMatchObject({ timeout: 1 });
      await send(2);
      expect(delivery.counts.exported).toBe(2);
    },
  );

  test(`${protocol} does not resend a batch abandoned on a kept connection`, async () => {
    const { sink, send, delivery } = await open(protocol, { OTEL_EXPORTER_OTLP_TIMEOUT: '1000' });
    await send(1);
    sink.answerWith({ fault: 'hang' });
    await send(1);
    sink.answerWith({});
    await send(1);
    expect(sink.requests.map(({ spans }) => spans[0]?.name)).toEqual([
      'span 0',
      'span 1',
      'span 2',
    ]);
    expect(delivery.counts).toMatchObject({ created: 3, exported: 2, dropped: { timeout: 1 } });
  });

  test(`${protocol} resends a batch after a pause if its kept connection is cut`, async () => {
    const { sink, send, delivery } = await open(protocol);
    await send(1);
    sink.answerWith(() => (sink.requests.length === 2 ? { fault: 'reset' } : {}));
    await send(1);
    expect(sink.requests).toHaveLength(3);
    expect(pauses(sink)[1]).toBeGreaterThan(790);
    expect(delivery.counts).toMatchObject({ created: 2, exported: 2 });
  });

  test(`${protocol} retries after a response that is cut off`, async () => {
    const { sink, send, delivery } = await open(protocol);
    sink.answerWith(first(1, { fault: 'reset', headers: { 'content-length': '1000' } }, sink));
    await send(1);
    expect(sink.requests).toHaveLength(2);
    expect(delivery.counts).toMatchObject({ exported: 1, dropped: { failed: 0, timeout: 0 } });
  });

  test(`${protocol} does not read a response of 5 MiB and sends the next batch`, async () => {
    const { sink, send, delivery, messages } = await open(protocol);
    sink.answerWith(first(1, { body: Buffer.alloc(5 * 2 ** 20) }, sink));
    await send(1);
    expect(delivery.counts.dropped).toMatchObject({ failed: 1 });
    expect(messages[0]).toContain('responded with more than 1 MiB');
    await send(2);
    expect(delivery.counts.exported).toBe(2);
  });

  test(`${protocol} counts each of 5,000 spans once through all faults`, async () => {
    const { sink, send, delivery } = await open(protocol);
    const faults: readonly OtlpAnswer[] = [
      {},
      { status: 400 },
      { rejected: 7, errorMessage: 'too old' },
      // These two are asked again, and take it then.
      { status: 503 },
      { fault: 'reset', headers: { 'content-length': '1000' } },
    ];
    const random = randomNumbers(13);
    const fates = Array.from({ length: 50 }, () => Math.floor(random() * faults.length));
    sink.answerWith(({ spans }) => {
      const batch = Number(spans[0]?.name.split(' ')[1]) / 100;
      const isRetry =
        sink.requests.filter((each) => each.spans[0]?.name === spans[0]?.name).length > 1;
      const fate = fates[batch] ?? 0;
      return (isRetry && fate > 2 ? {} : faults[fate]) ?? {};
    });
    for (let wave = 0; wave < 5; wave++) {
      await Promise.all(Array.from({ length: 10 }, () => send(100)));
    }
    const { created, exported, rejected, dropped } = delivery.counts;
    const lost = Object.values(dropped).reduce((sum, each) => sum + each, 0);
    matrix.push(row(protocol, created, exported, rejected, lost));
    expect({ created, sum: exported + rejected + lost }).toEqual({ created: 5_000, sum: 5_000 });
    const count = (fate: number) => fates.filter((each) => each === fate).length;
    expect({ rejected, lost }).toEqual({ rejected: 7 * count(2), lost: 100 * count(1) });
    expect(Math.min(exported, rejected, lost)).toBeGreaterThan(0);
    // What was in a connection that broke may come twice, but counts once.
    expect(new Set(sink.spans.map(({ name }) => name)).size).toBe(exported);
  });
});

test.each(PROTOCOLS)(
  'OTLP over %s counts partial successes of compressed batches',
  async (protocol) => {
    const { sink, send, delivery, messages } = await open(protocol, {
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });
    sink.answerWith({ rejected: 2, errorMessage: 'too old' });
    await send(5);
    expect(delivery.counts).toMatchObject({ created: 5, exported: 3, rejected: 2 });
    expect(messages).toEqual([
      expect.stringMatching(/ Traces to otlp: 2 spans rejected by the collector; too old$/),
    ]);
  },
);

test.each(PROTOCOLS)(
  'OTLP over %s retries after a proxy that cannot reach the collector',
  async (protocol) => {
    const { sink, send, delivery } = await open(protocol);
    sink.answerWith(first(1, { fault: 'proxy' }, sink));
    await send(2);
    expect(sink.requests).toHaveLength(2);
    expect(sink.spans).toHaveLength(2);
    expect(delivery.counts.exported).toBe(2);
  },
);
