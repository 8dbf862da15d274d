import { readdir, readdirSync } from 'node:fs';
import { type Meter, ValueType } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

/** Folders of Linux with one entry per open file and per thread of the process. */
const FILES = '/proc/self/fd';
const THREADS = '/proc/self/task';

/**
 * Creates `process.unix.file_descriptor.count` and `process.thread.count`, on Linux only. Deno also
 * requires `--allow-all`.
 * @see https://opentelemetry.io/docs/specs/semconv/system/process-metrics/
 */
export function measureProcessCounts(meter: Meter): Stop {
  if (!isReadable(FILES)) return () => {};
  const files = meter.createObservableUpDownCounter('process.unix.file_descriptor.count', {
    description: 'Number of UNIX file descriptors in use by the process.',
    unit: '{file_descriptor}',
    valueType: ValueType.INT,
  });
  const threads = meter.createObservableUpDownCounter('process.thread.count', {
    description: 'Process threads count.',
    unit: '{thread}',
    valueType: ValueType.INT,
  });
  return observe(meter, [files, threads], async (result) => {
    // Reading the folder opens a file descriptor, which is also listed.
    result.observe(files, (await count(FILES)) - 1);
    result.observe(threads, await count(THREADS));
  });
}

function isReadable(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Counts the entries of a folder. It is asynchronous, because 10,000 open files take 10 ms. */
function count(folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    readdir(folder, (error, names) => (error ? reject(error) : resolve(names.length)));
  });
}
