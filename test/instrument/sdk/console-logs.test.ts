// biome-ignore-all lint/suspicious/noConsole: the console is what is tested.
import { inspect } from 'node:util';
import { type Context, context, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import {
  type ExportResult,
  ExportResultCode,
  loggingErrorHandler,
  setGlobalErrorHandler,
  suppressTracing,
} from '@opentelemetry/core';
import {
  BatchLogRecordProcessor,
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  instrumentConsole,
  withoutConsole,
} from '../../../packages/opentelemetry-instrument/src/sdk/console/console-logs.ts';
import { useContext } from '../../support/use-context.ts';
import { waitUntil } from '../../support/wait-until.ts';

useContext();

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;
const real = { ...console };
const printed: unknown[][] = [];
const unwind: (() => void)[] = [];

beforeEach(() => {
  printed.length = 0;
  for (const method of METHODS) {
    console[method] = (...args: unknown[]) => void printed.push([method, ...args]);
  }
});
afterEach(() => {
  for (const undo of unwind.splice(0).reverse()) undo();
  Object.assign(console, real);
});

/** Records the console through `processor`. @returns what has been recorded */
function start(...processors: LogRecordProcessor[]): () => readonly ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  const loggerProvider = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter }), ...processors],
  });
  const { restore } = instrumentConsole({ loggerProvider });
  unwind.push(restore);
  return () => exporter.getFinishedLogRecords();
}

const bodies = (records: readonly ReadableLogRecord[]) => records.map(({ body }) => body);

describe('instrumentConsole()', () => {
  test.each([
    ['log', SeverityNumber.INFO, 'INFO'],
    ['info', SeverityNumber.INFO, 'INFO'],
    ['warn', SeverityNumber.WARN, 'WARN'],
    ['error', SeverityNumber.ERROR, 'ERROR'],
    ['debug', SeverityNumber.DEBUG, 'DEBUG'],
  ] as const)('makes a record of %s() and prints it once', (method, number, text) => {
    const records = start();
    console[method]('%s has %d', 'list', 3, { a: [1] });
    expect(records()).toHaveLength(1);
    expect(records()[0]).toMatchObject({
      body: 'list has 3 { a: [ 1 ] }',
      severityNumber: number,
      severityText: text,
      instrumentationScope: { name: 'console' },
    });
    expect(printed).toEqual([[method, '%s has %d', 'list', 3, { a: [1] }]]);
  });

  test('records the trace that is active', async () => {
    const records = start();
    const spanContext = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
    await context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), async () => {
      await Promise.resolve();
      console.log('inside');
    });
    console.log('outside');
    expect(records().map((record) => record.spanContext)).toEqual([spanContext, undefined]);
  });

  test("passes the app's context to processors, not that of the telemetry", () => {
    const contexts: (Context | undefined)[] = [];
    start({
      onEmit: (_, context) => void contexts.push(context),
      forceFlush: async () => {},
      shutdown: async () => {},
    });
    console.log('app');
    expect(contexts).toEqual([ROOT_CONTEXT]);
  });

  test('records the first error among the arguments', () => {
    const records = start();
    class StorageError extends Error {}
    const error = new StorageError('full');
    console.error('failed:', error, new TypeError('second'));
    console.error(new TypeError('named'));
    console.error('no error');
    expect(records()[0]?.attributes).toMatchObject({
      'exception.type': 'StorageError',
      'exception.message': 'full',
      'exception.stacktrace': error.stack,
    });
    expect(records()[1]?.attributes).toMatchObject({ 'exception.type': 'TypeError' });
    expect(Object.keys(records()[2]?.attributes ?? {}).join()).not.toContain('exception');
  });

  test('leaves functions that look as before', () => {
    const records = start();
    const { log } = console;
    log('taken out');
    console.log.call(undefined, 'on nothing');
    console.log.apply(Object.create(console), ['on a heir']);
    expect(bodies(records())).toEqual(['taken out', 'on nothing', 'on a heir']);
    for (const method of METHODS) {
      expect(console[method].name).toBe(method);
      expect(console[method]).not.toHaveProperty('prototype');
    }
  });

  test("records the text before it rethrows the console's error", () => {
    console.log = (arg) => void inspect(arg);
    const records = start();
    const hostile = {
      [inspect.custom]() {
        throw new RangeError('not today');
      },
    };
    expect(() => console.log(hostile, 1)).toThrow(new RangeError('not today'));
    expect(bodies(records())).toEqual(['[unreadable] 1']);
  });

  const no = () => {
    throw new Error('no');
  };
  class HostileError extends Error {
    override get name(): string {
      return no();
    }
    override get message(): string {
      return no();
    }
    override get stack(): string {
      return no();
    }
  }
  test.each<[string, unknown[]]>([
    ['an inspect() that throws', ['a', { [inspect.custom]: no }]],
    ['a toString() that throws', ['%s', { toString: no }]],
    ['a valueOf() that throws', ['%d', { valueOf: no, toString: no }]],
    ['a toJSON() that throws', ['%j', { toJSON: no }]],
    ['a proxy that throws', [new Proxy({}, { get: no, ownKeys: no, getPrototypeOf: no })]],
    ['an error that throws', [new HostileError()]],
    ['a revoked proxy', [revoked()]],
    ['itself', [itself()]],
    ['a symbol', ['%d', Symbol('s'), Symbol('t')]],
    ['no prototype', ['%s', Object.create(null)]],
    ['nothing', []],
  ])('makes a record of an argument with %s', (_, args) => {
    const records = start();
    expect(() => console.log(...args)).not.toThrow();
    expect(records()).toHaveLength(1);
    expect(records()[0]?.body).toBeTypeOf('string');
    expect(printed).toHaveLength(1);
  });

  test('shows and records once what an argument logs while it is formatted', () => {
    console.log = (arg) => void printed.push(['log', inspect(arg)]);
    const records = start();
    const chatty = {
      [inspect.custom]() {
        console.warn('looked at');
        return 'chatty';
      },
    };
    console.log(chatty);
    expect(bodies(records())).toEqual(['looked at', 'chatty']);
    expect(printed).toEqual([
      ['warn', 'looked at'],
      ['log', 'chatty'],
    ]);
  });

  test('makes no record while tracing is suppressed', () => {
    const records = start();
    context.with(suppressTracing(ROOT_CONTEXT), () => console.log('of an exporter'));
    expect(records()).toEqual([]);
    expect(printed).toEqual([['log', 'of an exporter']]);
  });

  test('does not inspect arguments if no processor records them', () => {
    const { restore } = instrumentConsole({ loggerProvider: new LoggerProvider() });
    unwind.push(restore);
    let looks = 0;
    const argument = {
      [inspect.custom]() {
        looks += 1;
        return '';
      },
    };
    console.log(argument);
    expect(looks).toBe(0);
    expect(printed).toEqual([['log', argument]]);
  });

  test('survives a processor that throws', () => {
    start({
      onEmit: no,
      forceFlush: async () => {},
      shutdown: async () => {},
    });
    const errors: unknown[] = [];
    setGlobalErrorHandler((error) => void errors.push(error));
    unwind.push(() => setGlobalErrorHandler(loggingErrorHandler()));
    expect(() => console.log('shown')).not.toThrow();
    expect(printed).toEqual([['log', 'shown']]);
    expect(errors).toEqual([new Error('no')]);
    console.log('again');
    expect(printed).toHaveLength(2);
  });

  test('restore() restores the original methods', () => {
    const before = { ...console };
    const records = start();
    expect(console.log).not.toBe(before.log);
    unwind.pop()?.();
    expect({ ...console }).toEqual(before);
    console.log('not recorded');
    expect(records()).toEqual([]);
    expect(printed).toEqual([['log', 'not recorded']]);
  });

  test('restore() keeps methods that others have patched since', () => {
    start();
    const patched = () => {};
    console.log = patched;
    unwind.pop()?.();
    expect(console.log).toBe(patched);
  });
});

describe('log output of the telemetry itself is not recorded', () => {
  /** Logs when it exports, says `result`, and logs later. */
  class LoggingExporter extends InMemoryLogRecordExporter {
    readonly #result: ExportResult;
    later = 0;

    constructor(result: ExportResult = { code: ExportResultCode.SUCCESS }) {
      super();
      this.#result = result;
    }

    override export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
      console.log('exporting');
      super.export(records, async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        console.log('exported');
        done(this.#result);
        setTimeout(() => {
          console.log('later');
          this.later += 1;
        }, 1);
      });
    }
  }
  const messages = () => printed.map(([, message]) => message);

  test('an exporter, before and after an await', async () => {
    const exporter = new LoggingExporter();
    const records = start(new SimpleLogRecordProcessor({ exporter }));
    console.log('app');
    await waitUntil(
      () => exporter.later > 0,
      5_000,
      () => JSON.stringify(printed),
    );
    expect(messages()).toEqual(['app', 'exporting', 'exported', 'later']);
    expect(bodies(records())).toEqual(['app']);
  });

  test('an exporter of batches', async () => {
    const exporter = new LoggingExporter();
    const processor = new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 1 });
    const records = start(processor);
    console.log('app');
    await waitUntil(
      () => exporter.later > 0,
      5_000,
      () => JSON.stringify(printed),
    );
    expect(messages()).toEqual(['app', 'exporting', 'exported', 'later']);
    expect(bodies(records())).toEqual(['app']);
  });

  test("the SDK's diagnostics of an export that fails", async () => {
    // DiagConsoleLogger took its methods out of the console when it was loaded.
    const say = (message: string) => console.error(message);
    diag.setLogger({ error: say, warn: say, info() {}, debug() {}, verbose() {} });
    setGlobalErrorHandler(loggingErrorHandler());
    unwind.push(() => diag.disable());
    const exporter = new LoggingExporter({
      code: ExportResultCode.FAILED,
      error: new Error('refused'),
    });
    const processor = new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: 1 });
    const records = start(processor);
    console.log('app');
    await waitUntil(
      () => exporter.later > 0,
      5_000,
      () => JSON.stringify(printed),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(messages()).toContainEqual(expect.stringContaining('refused'));
    expect(bodies(records())).toEqual(['app']);
  });

  test('a processor, without a context manager', () => {
    context.disable();
    const records = start({
      onEmit: () => console.log('processing'),
      forceFlush: async () => {},
      shutdown: async () => {},
    });
    console.log('app');
    expect(messages()).toEqual(['app', 'processing']);
    expect(bodies(records())).toEqual(['app']);
  });
});

describe('withoutConsole()', () => {
  test('leaves out the records of the console and no others', () => {
    const exporter = new InMemoryLogRecordExporter();
    const processor = withoutConsole(new SimpleLogRecordProcessor({ exporter }));
    const loggerProvider = new LoggerProvider({ processors: [processor] });
    unwind.push(instrumentConsole({ loggerProvider }).restore);
    console.log('console');
    loggerProvider.getLogger('todo').emit({ body: 'todo' });
    expect(bodies(exporter.getFinishedLogRecords())).toEqual(['todo']);
    expect(loggerProvider.getLogger('console').enabled()).toBe(false);
    expect(loggerProvider.getLogger('todo').enabled()).toBe(true);
  });
});

function itself(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
