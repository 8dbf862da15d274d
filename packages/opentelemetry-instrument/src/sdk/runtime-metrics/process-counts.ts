import { readdir, readdirSync } from 'node:fs';
import { type Meter, ValueType } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

/** Linux lists the process's open files and its threads, one entry each. */
const FILES = '/proc/self/fd';
const THREADS = '/proc/self/task';

/**
 * `process.unix.file_descriptor.count` and `process.thread.count`, where they can be counted: not
 * on other systems than Linux, and on Deno with `--allow-all` only.
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
    // Reading the list takes a file descriptor, which stands in it.
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

/** Not synchronously: ten thousand open files are 10 ms. */
function count(folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    readdir(folder, (error, names) => (error ? reject(error) : resolve(names.length)));
  });
}
