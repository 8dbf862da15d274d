import { setTimeout as pause } from 'node:timers/promises';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode, isTracingSuppressed } from '@opentelemetry/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBatchProcessor } from '../../../packages/opentelemetry-instrument/src/sdk/batch-processor.ts';

const SUCCESS: ExportResult = { code: ExportResultCode.SUCCESS };

/** Creates a processor whose exporter keeps its batches and responds when the test asks for it. */
function create({ maxQueueSize = 8, maxBatchSize = 3, scheduleDelayMillis = 1_000 } = {}) {
  const batches: string[][] = [];
  const answers: (() => void)[] = [];
  const dropped: string[] = [];
  let isShutDown = false;
  const exporter = {
    export(batch: string[], done: (result: ExportResult) => void) {
      batches.push(batch);
      answers.push(() => done(SUCCESS));
    },
    async shutdown() {
      isShutDown = true;
    },
  };
  const processor = createBatchProcessor(
    exporter,
    { maxQueueSize, maxBatchSize, scheduleDelayMillis },
    (reason) => void dropped.push(reason),
  );
  return {
    processor,
    batches,
    add(text: string) {
      for (const record of text) processor.add(record);
    },
    answer: () => answers.shift()?.(),
    dropped,
    isShutDown: () => isShutDown,
  };
}

describe('createBatchProcessor()', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('exports a partial batch after the delay', () => {
    const { add, batches } = create();
    add('ab');
    vi.advanceTimersByTime(999);
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(batches).toEqual([['a', 'b']]);
  });

  test('exports a full batch immediately, but not within the call that filled it', () => {
    const { add, batches } = create();
    add('abcd');
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  test('sends one batch at a time', () => {
    const { add, batches, answer } = create();
    add('abcdefg');
    vi.advanceTimersByTime(5_000);
    expect(batches).toHaveLength(1);
    answer();
    vi.advanceTimersByTime(1);
    expect(batches).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
  });

  test('drops and reports records if the queue is full', () => {
    const { add, processor, dropped } = create();
    add('abcdefghij');
    expect(dropped).toEqual(['queue_full', 'queue_full']);
    expect(processor.queueSize).toBe(8);
  });

  test('drops a record beyond its share of the queue and keeps the rest for others', () => {
    const { add, processor, dropped } = create();
    for (const record of '123456') processor.add(record, 0.5);
    expect(processor.queueSize).toBe(4);
    expect(dropped).toEqual(['queue_full', 'queue_full']);
    add('abcd');
    expect(processor.queueSize).toBe(8);
    expect(dropped).toHaveLength(2);
  });

  test('accepts a record with a share of less than one place while the queue is empty', () => {
    const { processor, dropped } = create({ maxQueueSize: 1, maxBatchSize: 1 });
    for (const record of '12') processor.add(record, 0.5);
    expect(processor.queueSize).toBe(1);
    expect(dropped).toEqual(['queue_full']);
  });

  test('forceFlush() waits for the batch in flight and for queued records', async () => {
    const { add, processor, batches, answer } = create();
    add('abcd');
    vi.advanceTimersByTime(1);
    let isFlushed = false;
    const flushed = processor.forceFlush().then(() => {
      isFlushed = true;
    });
    answer();
    await Promise.resolve();
    expect(isFlushed).toBe(false);
    expect(batches).toEqual([['a', 'b', 'c'], ['d']]);
    answer();
    await flushed;
    expect(isFlushed).toBe(true);
  });

  test('forceFlush() does not wait for later records', async () => {
    const { add, processor, batches, answer } = create();
    add('a');
    const flushed = processor.forceFlush();
    add('b');
    answer();
    await flushed;
    expect(batches).toEqual([['a']]);
  });

  test('shutdown() flushes, then shuts the exporter down', async () => {
    const { add, processor, batches, answer, isShutDown } = create();
    add('a');
    const ended = processor.shutdown();
    expect(batches).toEqual([['a']]);
    expect(isShutDown()).toBe(false);
    answer();
    await ended;
    expect(isShutDown()).toBe(true);
  });
});

test("createBatchProcessor() fills the exporter's batches, and drops records that they refuse", async () => {
  const exported: string[] = [];
  const dropped: string[] = [];
  /** Writes letters as they come, and knows no digits. */
  class Letters {
    written = '';
    get length() {
      return this.written.length;
    }
    push(record: string) {
      if (/\d/.test(record)) return 0;
      this.written += record;
      return this.length;
    }
  }
  const processor = createBatchProcessor<string>(
    {
      createBatch: () => new Letters(),
      export(batch, done) {
        exported.push((batch as unknown as Letters).written);
        // As one that is encoded, it is empty from now on.
        (batch as unknown as Letters).written = '';
        done(SUCCESS);
      },
      shutdown: async () => {},
    },
    { maxQueueSize: 8, maxBatchSize: 3, scheduleDelayMillis: 1_000 },
    (reason) => void dropped.push(reason),
  );
  for (const record of '1abc2de3') processor.add(record);
  expect(processor.queueSize).toBe(5);
  await processor.forceFlush();
  expect(exported).toEqual(['abc', 'de']);
  expect(dropped).toEqual(['unencodable', 'unencodable', 'unencodable']);
  expect(processor.queueSize).toBe(0);
});

test('createBatchProcessor() begins another batch where a record does not fit, as often as for full ones', async () => {
  const exported: string[][] = [];
  const dropped: [record: string, reason: string][] = [];
  let current = '';
  /** Takes six letters, in as many records as there are. */
  class SixLetters extends Array<string> {
    override push(record: string) {
      return this.join('').length + record.length > 6 ? 0 : super.push(record);
    }
  }
  const processor = createBatchProcessor<string>(
    {
      createBatch: () => new SixLetters(),
      export(batch, done) {
        exported.push([...batch]);
        done(SUCCESS);
      },
      shutdown: async () => {},
    },
    { maxQueueSize: 6, maxBatchSize: 3, scheduleDelayMillis: 1_000 },
    (reason) => void dropped.push([current, reason]),
  );
  for (current of ['much too long', 'aaaa', 'bbbb', 'cc', 'dddd']) processor.add(current);
  await processor.forceFlush();
  expect(exported).toEqual([['aaaa'], ['bbbb', 'cc']]);
  expect(dropped).toEqual([
    ['much too long', 'unencodable'],
    ['dddd', 'queue_full'],
  ]);
});

test('createBatchProcessor() keeps batches for others when records with a share are large', async () => {
  const exported: string[][] = [];
  let dropped = 0;
  class OneRecord extends Array<string> {
    override push(record: string) {
      return this.length === 0 ? super.push(record) : 0;
    }
  }
  const processor = createBatchProcessor<string>(
    {
      createBatch: () => new OneRecord(),
      export(batch, done) {
        exported.push([...batch]);
        done(SUCCESS);
      },
      shutdown: async () => {},
    },
    { maxQueueSize: 40, maxBatchSize: 10, scheduleDelayMillis: 1_000 },
    () => void dropped++,
  );
  for (const record of '123') processor.add(record, 0.5);
  for (const record of 'abc') processor.add(record);
  await processor.forceFlush();
  expect(exported.flat().join('')).toBe('12ab');
  expect(dropped).toBe(2);
});

test('createBatchProcessor() exports outside of every trace', () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  let isSuppressed = false;
  const processor = createBatchProcessor<string>(
    {
      export() {
        isSuppressed = isTracingSuppressed(context.active());
      },
      shutdown: async () => {},
    },
    { maxQueueSize: 1, maxBatchSize: 1, scheduleDelayMillis: 0 },
    () => {},
  );
  processor.add('a');
  void processor.forceFlush();
  context.disable();
  expect(isSuppressed).toBe(true);
});

test('createBatchProcessor() repeats and reorders nothing, and reports everything that it drops', async () => {
  const options = fc.record({
    maxQueueSize: fc.integer({ min: 1, max: 20 }),
    maxBatchSize: fc.integer({ min: 1, max: 10 }),
    scheduleDelayMillis: fc.constantFrom(0, 1, 5),
  });
  const steps = fc.array(fc.constantFrom('add', 'add', 'add', 'wait', 'flush'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(options, steps, fc.boolean(), async (options, steps, isSlow) => {
      const exported: number[] = [];
      let dropped = 0;
      let inFlight = 0;
      const processor = createBatchProcessor<number>(
        {
          export(batch, done) {
            inFlight += 1;
            expect(inFlight).toBe(1);
            expect(batch.length).toBeLessThanOrEqual(options.maxBatchSize);
            const answer = () => {
              inFlight -= 1;
              exported.push(...batch);
              done(SUCCESS);
            };
            if (isSlow) setTimeout(answer, 1);
            else answer();
          },
          shutdown: async () => {},
        },
        options,
        () => void dropped++,
      );
      let added = 0;
      for (const step of steps) {
        if (step === 'add') processor.add(added++);
        else if (step === 'wait') await pause(1);
        else void processor.forceFlush();
        expect(processor.queueSize).toBeLessThanOrEqual(options.maxQueueSize);
      }
      await processor.shutdown();
      expect(exported.length + dropped).toBe(added);
      expect(exported).toEqual([...new Set(exported)].sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});
