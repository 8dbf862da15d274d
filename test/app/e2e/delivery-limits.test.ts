import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  lossMessages,
  makeSpans,
  settle,
  spawnTracer,
  stopBalanced,
  TRACES,
} from '../../support/deliveries.ts';
import { type OtlpAnswer, startOtlpSink } from '../../support/otlp-sink.ts';

describe.concurrent('created = exported + rejected + dropped', () => {
  test('the counts are right when the queue overflows, which is reported immediately and once', async () => {
    const MADE = 60;
    const { promise: released, resolve: release } = Promise.withResolvers<OtlpAnswer>();
    await using sink = await startOtlpSink();
    sink.answerWith(() => released);
    const env = { OTEL_BSP_MAX_QUEUE_SIZE: '16', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '16' };
    await using app = await spawnTracer(sink.url, env);
    await makeSpans(app, MADE);
    await app.waitFor(() => lossMessages(app).length > 0);
    release({});
    await settle(app, { [TRACES]: MADE });
    const { [TRACES]: counts } = await stopBalanced(app);
    expect(lossMessages(app)).toEqual(['1 span dropped; the queue was full']);
    const lost = counts?.dropped['the queue was full'] ?? 0;
    // All but what the queue holds, and the batch that is waited for.
    expect(lost).toBeGreaterThanOrEqual(MADE - 32);
    expect(counts).toMatchObject({ created: MADE, exported: MADE - lost });
    expect(sink.spans).toHaveLength(MADE - lost);
  });

  test.each<OtlpAnswer>([{ fault: 'hang' }, { fault: 'drip' }])(
    'the counts are right when a response never ends (%j), and the next batch is sent',
    async (answer) => {
      await using sink = await startOtlpSink();
      sink.answerWith(answer);
      await using app = await spawnTracer(sink.url, { OTEL_BSP_EXPORT_TIMEOUT: '300' });
      await makeSpans(app, 5);
      await settle(app, { [TRACES]: 5 });
      sink.answerWith({});
      await makeSpans(app, 3);
      await settle(app, { [TRACES]: 8 });
      const { [TRACES]: counts } = await stopBalanced(app);
      const dropped = { 'no response in time': 5 };
      expect(counts).toMatchObject({ created: 8, exported: 3, rejected: 0, dropped });
      expect(lossMessages(app)).toEqual([
        expect.stringMatching(/^\d spans? dropped; no response in time$/),
        expect.stringMatching(/^exports succeed again/),
      ]);
    },
  );

  test('the counts are right when a late response rejects records: it is ignored', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<OtlpAnswer>();
    await using sink = await startOtlpSink();
    sink.answerWith(() => released);
    await using app = await spawnTracer(sink.url, { OTEL_BSP_EXPORT_TIMEOUT: '300' });
    await makeSpans(app, 5);
    await settle(app, { [TRACES]: 5 });
    release({ rejected: 2, errorMessage: 'too old' });
    // Long enough for the answer to arrive.
    await pause(300);
    sink.answerWith({});
    await makeSpans(app, 3);
    await settle(app, { [TRACES]: 8 });
    const { [TRACES]: counts } = await stopBalanced(app);
    const dropped = { 'no response in time': 5 };
    expect(counts).toMatchObject({ created: 8, exported: 3, rejected: 0, dropped });
  });

  test.each([
    [1, 4],
    [1_000_000, 0],
  ])(
    'the counts are right when the collector rejects %i of five records',
    async (rejected, exported) => {
      await using sink = await startOtlpSink();
      sink.answerWith({ rejected, errorMessage: 'too old' });
      // One batch, which goes out when it is full.
      const env = { OTEL_BSP_SCHEDULE_DELAY: '20000', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5' };
      await using app = await spawnTracer(sink.url, env);
      await makeSpans(app, 5);
      await settle(app, { [TRACES]: 5 });
      const { [TRACES]: counts } = await stopBalanced(app);
      const lost = 5 - exported;
      expect(counts).toMatchObject({ created: 5, exported, rejected: lost, dropped: {} });
      const spans = lost === 1 ? '1 span' : `${lost} spans`;
      expect(lossMessages(app)).toEqual([`${spans} rejected by the collector; too old`]);
      expect(sink.requests).toHaveLength(1);
    },
  );
});
