import { context } from '@opentelemetry/api';
import type { RunningStatement } from './sql-tracer.ts';
import type { Method } from './wrap-driver.ts';

/** A callback in the style of Node: with an error, or with results. */
type Callback = (this: unknown, ...args: unknown[]) => unknown;

/** Returns the number of rows in the results of a callback. */
type RowsOf = (results: unknown[]) => number | undefined;

/**
 * Makes the callback among the arguments of a method end a statement first.
 * @returns false if there is no callback
 */
export function endWithCallback(
  args: unknown[],
  statement: RunningStatement,
  rowsOf: RowsOf,
): boolean {
  return replaceCallback(args, (callback) => endBefore(callback, statement, rowsOf));
}

/** Returns a callback that ends a statement first. It runs in the context of its caller. */
export function endBefore(
  callback: Callback,
  statement: RunningStatement,
  rowsOf: RowsOf,
): Callback {
  return bindCallback(function (...args) {
    const [error, ...results] = args;
    if (error) statement.fail(error);
    else statement.endWith(results, rowsOf);
    return Reflect.apply(callback, this, args);
  });
}

/** Calls a method and passes its result, of a callback or a promise, through `map`. */
export function passResult(
  run: Method,
  args: unknown[],
  map: (result: unknown) => unknown,
): unknown {
  const hasCallback = replaceCallback(args, (callback) =>
    bindCallback(function (error, result, ...rest) {
      return Reflect.apply(callback, this, [error, map(result), ...rest]);
    }),
  );
  const result = run(...args);
  return hasCallback ? result : (result as Promise<unknown>).then(map);
}

function replaceCallback(args: unknown[], replace: (callback: Callback) => Callback): boolean {
  const index = args.findLastIndex((arg) => typeof arg === 'function');
  if (index >= 0) args[index] = replace(args[index] as Callback);
  return index >= 0;
}

/** Binds a callback to the active context: a pool may call it in the context of another request. */
function bindCallback(callback: Callback): Callback {
  return context.bind(context.active(), callback);
}
