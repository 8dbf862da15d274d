import { isAbsolute, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Segment, toJsonSafeAttributes } from '../terminal/index.ts';

/** An exception in words, without its stack trace. */
export interface ExceptionSummary {
  /** `TypeError`; empty if it is unknown. */
  readonly type: string;
  /** `TypeError: x is not a function` */
  readonly text: string;
  /** The innermost call in the program's own code: `src/http/pages.ts:41`. */
  readonly place: string | undefined;
}

/** Reads the `exception.*` attributes; undefined if there are none. */
export function readException(attributes: object | undefined): ExceptionSummary | undefined {
  const values = toJsonSafeAttributes(attributes);
  const [type, message, stack] = ['type', 'message', 'stacktrace'].map((name) => {
    const value = values[`exception.${name}`] ?? '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  }) as [string, string, string];
  const text = [type, message].filter((part) => part !== '').join(': ');
  return text === '' ? undefined : { type, text, place: findOwnCode(stack) };
}

/** Describes an exception: `TypeError: x is not a function  src/http/pages.ts:41`. */
export function describeException({ text, place }: ExceptionSummary): Segment[] {
  const summary: Segment = { text, style: 'red', shrinks: true };
  return place === undefined ? [summary] : [summary, { text: `  ${place}` }];
}

const MAX_FRAMES = 100;
const MAX_FRAME_LENGTH = 1_000;
/** Parts of the paths of installed packages; the second is Deno's cache. */
const PACKAGES = /[\\/](?:node_modules|registry\.npmjs\.org)[\\/]/;

/**
 * Returns the position of the innermost call that is in a file and not in an installed package, relative
 * to the working directory.
 */
function findOwnCode(stack: string): string | undefined {
  for (const line of stack.split('\n', MAX_FRAMES)) {
    const frame = line.trim();
    // Other lines belong to the message.
    if (!frame.startsWith('at ') || frame.length > MAX_FRAME_LENGTH) continue;
    const bracket = frame.indexOf(' (');
    const place = bracket === -1 ? frame.slice(3) : frame.slice(bracket + 2, -1);
    const position = /:(\d{1,9}):\d{1,9}$/.exec(place);
    if (position === null) continue;
    const file = filePathOf(place.slice(0, position.index).replace(/^async /, ''));
    if (file !== undefined && !PACKAGES.test(file)) return `${fromHere(file)}:${position[1]}`;
  }
  return undefined;
}

/** Returns the path of a script; undefined for those of the runtime, such as `node:internal/timers`. */
function filePathOf(script: string): string | undefined {
  if (!script.startsWith('file:')) return isAbsolute(script) ? script : undefined;
  try {
    return fileURLToPath(script);
  } catch {
    return undefined;
  }
}

function fromHere(file: string): string {
  try {
    const path = relative(process.cwd(), file);
    return path.startsWith('..') || isAbsolute(path) ? file : path;
  } catch {
    // The working directory was removed, or Deno may not read it.
    return file;
  }
}
