import type { TraceState } from '@opentelemetry/api';

const MAX_MEMBERS = 32;
/** Maximum length of the header. Implementations must propagate at least this many characters. */
const MAX_LENGTH = 512;
/** Length above which members are dropped first. */
const LONG_MEMBER = 128;

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
/** Printable ASCII without comma and equals sign, not ending with a space. */
const VALUE = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

type Member = readonly [key: string, value: string];

/**
 * Parses a `tracestate` header. The first of duplicate keys wins.
 *
 * The API's `createTraceState()` keeps the valid members of an invalid header, which the
 * specification forbids. It also accepts only keys of the Level 1 grammar.
 * @returns undefined if the header is empty or invalid
 * @see https://www.w3.org/TR/trace-context-2/#tracestate-header
 */
export function parseTraceState(header: string): TraceState | undefined {
  const members = new Map<string, string>();
  let count = 0;
  for (const part of header.split(',')) {
    const member = trimBlanks(part);
    if (member === '') continue;
    const splitter = member.indexOf('=');
    const key = member.slice(0, splitter);
    const value = member.slice(splitter + 1);
    count += 1;
    if (splitter === -1 || count > MAX_MEMBERS || !isMember(key, value)) return undefined;
    if (!members.has(key)) members.set(key, value);
  }
  return members.size > 0 ? createTraceState([...members]) : undefined;
}

/**
 * Trims spaces and tabs. `trim()` also removes no-break spaces, and a regular expression is
 * quadratic.
 */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/**
 * Creates an immutable trace state, as the API requires: `set()` and `unset()` return a new one.
 */
function createTraceState(members: readonly Member[]): TraceState {
  const without = (key: string) => members.filter(([each]) => each !== key);
  const state: TraceState = {
    get: (key) => members.find(([each]) => each === key)?.[1],
    set(key, value) {
      if (!isMember(key, value)) return state;
      // The specification requires the changed member to be first.
      return createTraceState([[key, value] as const, ...without(key)].slice(0, MAX_MEMBERS));
    },
    unset: (key) => createTraceState(without(key)),
    serialize: () => serialize(members),
  };
  return state;
}

function isMember(key: string, value: string): boolean {
  return KEY.test(key) && VALUE.test(value);
}

function serialize(members: readonly Member[]): string {
  const all = members.map(([key, value]) => `${key}=${value}`);
  if (all.join(',').length <= MAX_LENGTH) return all.join(',');
  const kept = all.filter((member) => member.length <= LONG_MEMBER);
  while (kept.join(',').length > MAX_LENGTH) kept.pop();
  return kept.join(',');
}
