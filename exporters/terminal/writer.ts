import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExportResult, ExportResultCode, globalErrorHandler } from '@opentelemetry/core';
import { type Output, openOutput } from './open-output.ts';

/** Writes strings completely and in order, without waiting for the reader. */
export interface Writer {
  /**
   * Queues `text`. `done` is called once: with SUCCESS when every byte was written, with FAILED when the
   * text was dropped. A closed pipe fails without an error, since readers such as `head` close it on purpose.
   */
  write(text: string, done: (result: ExportResult) => void): void;
  /** Resolves when everything queued so far has been written or dropped. */
  flush(): Promise<void>;
}

/** Options of `createWriter()`. */
export interface WriterOptions {
  /** Bytes that may be queued. @default 16 MiB */
  readonly maxBytes?: number;
}

interface Waiting {
  readonly text: string;
  readonly size: number;
  readonly done: (result: ExportResult) => void;
}

/** Capacity of a Linux pipe. */
const CHUNK = 65_536;
const RETRY_MILLIS: Readonly<Record<string, number>> = { EAGAIN: 20, ENOSPC: 1_000, EDQUOT: 1_000 };
const READER_CLOSED: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'EIO']);

/**
 * Creates a writer.
 * @param open opens the output at the first write
 */
export function createWriter(
  open: () => Output,
  { maxBytes = 16 * 1024 * 1024 }: WriterOptions = {},
): Writer {
  let waiting: Waiting[] = [];
  let queued = 0;
  let output: Output | undefined;
  let end: ExportResult | undefined;
  let drained: Promise<void> | undefined;

  function settle(record: Waiting, result: ExportResult) {
    queued -= record.size;
    try {
      record.done(result);
    } catch (error) {
      // An error of a callback must not stop the records after it.
      globalErrorHandler(error instanceof Error ? error : String(error));
    }
  }

  async function drain() {
    // Waits for one turn of the event loop, so that records that end together are one write.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const records = waiting;
      waiting = [];
      await writeWhole(records);
    }
    drained = undefined;
  }

  async function writeWhole(records: readonly Waiting[]) {
    const bytes = Buffer.from(records.map((record) => record.text).join(''));
    let written = 0;
    let settled = 0;
    let settledBytes = 0;
    while (!end && written < bytes.length) {
      try {
        output ??= open();
        written += await output.write(bytes.subarray(written, written + CHUNK));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        const retry = RETRY_MILLIS[code];
        if (retry) await delay(retry);
        else end = failure(READER_CLOSED.has(code) ? undefined : error);
      }
      for (let record = records[settled]; record; record = records[++settled]) {
        if (settledBytes + record.size > written) break;
        settledBytes += record.size;
        settle(record, { code: ExportResultCode.SUCCESS });
      }
    }
    if (end) for (const record of records.slice(settled)) settle(record, end);
  }

  return {
    write(text, done) {
      const size = Buffer.byteLength(text);
      if (end) return done(end);
      if (size === 0) return done({ code: ExportResultCode.SUCCESS });
      if (queued + size > maxBytes) return done(tooMuch(queued, maxBytes));
      queued += size;
      waiting.push({ text, size, done });
      drained ??= drain();
    },
    flush: async () => drained,
  };
}

/**
 * The writer of standard error, shared by messages and the tree: Deno cannot open a descriptor twice. On
 * Deno, `process.stderr` throws on a full disk and blocks on a full pipe; this writer does neither.
 */
export const errorWriter: Writer = createWriter(() => openOutput(2));

function tooMuch(queued: number, maxBytes: number): ExportResult {
  const message =
    `A record was dropped: ${queued} of at most ${maxBytes} bytes wait for a reader that is too ` +
    'slow. Read the output faster, or write it to a file.';
  return { code: ExportResultCode.FAILED, error: new Error(message) };
}

function failure(cause: unknown): ExportResult {
  if (cause === undefined) return { code: ExportResultCode.FAILED };
  const message = `Nothing more can be written: ${String(cause)}. Check where the output goes.`;
  return { code: ExportResultCode.FAILED, error: new Error(message, { cause }) };
}
