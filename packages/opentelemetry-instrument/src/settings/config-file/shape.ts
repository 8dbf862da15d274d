import type { Attributes } from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import { nearestName } from '../nearest-name.ts';

/** A value in the file, and its position. */
export interface FileValue {
  /** Path in the file: `tracer_provider.processors[0]`. */
  readonly path: string;
  readonly line: number;
  /** Null if the value is missing. */
  readonly node: Node | null;
}

/** Receiver of the contents of a file. */
export interface FileContext {
  readonly lines: LineCounter;
  /** Returns the node that an alias stands for, or the node itself. */
  resolve(node: Node | null): Node | null;
  /** Sets a variable. The last call for a variable counts. */
  set(variable: string, text: string, at: FileValue): void;
  /** Adds an attribute of the resource that is not a string. */
  addAttribute(name: string, value: Attributes[string]): void;
  addView(view: ViewOptions): void;
  fail(at: FileValue, problem: string, fix: string): void;
  warn(at: FileValue, problem: string, fix: string): void;
}

/** Reads a value of any form. */
export type ReadValue = (value: FileValue, context: FileContext) => void;

/** The form of a value: the variable that it sets, the keys of a mapping, or a function that reads it. */
export type Shape = string | ReadValue | { readonly [key: string]: Shape };

/** Reads a value of this form. Missing values leave their variables unset. */
export function readShape(value: FileValue, shape: Shape, context: FileContext): void {
  if (typeof shape === 'function') {
    shape(value, context);
    return;
  }
  if (typeof shape === 'string') {
    const scalar = readScalar(value, context);
    if (scalar !== undefined) context.set(shape, scalar, value);
    return;
  }
  readMembers(membersOf(value, context) ?? [], shape, context);
}

/** Reads members of a mapping whose keys have forms. */
export function readMembers(
  members: readonly [string, FileValue][],
  shape: { readonly [key: string]: Shape },
  context: FileContext,
): void {
  for (const [key, member] of members) {
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (known !== undefined) {
      readShape(member, known, context);
      continue;
    }
    const nearest = nearestName(key, Object.keys(shape));
    const fix = nearest ? `did you mean ${nearest}?` : 'remove it';
    if (member.path.includes('/development')) {
      context.warn(member, 'is experimental and not supported', fix);
    } else context.fail(member, 'is not supported', fix);
  }
}

/** Reads a mapping with a single key, which selects the form of its value. */
export function readChoice(
  value: FileValue,
  shapes: Readonly<Record<string, Shape>>,
  context: FileContext,
): void {
  const members = membersOf(value, context);
  if (members === undefined) return;
  const [first, ...others] = members;
  const fix = `use one of ${Object.keys(shapes).join(', ')}`;
  if (first === undefined || others.length > 0) {
    context.fail(value, `has ${others.length + (first ? 1 : 0)} keys instead of one`, fix);
    return;
  }
  const [key, member] = first;
  const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
  if (shape === undefined) context.fail(member, 'is not supported', fix);
  else readShape(member, shape, context);
}

/** Returns a scalar as a string; undefined if it is missing, null or not a scalar, which is reported. */
export function readScalar(value: FileValue, context: FileContext): string | undefined {
  const { node } = value;
  if (node === null || (isScalar(node) && node.value === null)) return undefined;
  if (isScalar(node)) return String(node.value);
  context.fail(value, 'is a list or a mapping', 'use a string, a number or a boolean');
  return undefined;
}

/** Returns a number of at least `min`; undefined if it is missing or not such a number, which is reported. */
export function readNumber(
  value: FileValue,
  context: FileContext,
  min?: number,
): number | undefined {
  const written = readScalar(value, context);
  if (written === undefined) return undefined;
  const number = Number(written);
  const isValid = min === undefined || (Number.isInteger(number) && number >= min);
  if (isValid && !Number.isNaN(number)) return number;
  const kind = min === undefined ? 'a number' : `a whole number from ${min}`;
  context.fail(value, `${JSON.stringify(written)} is not ${kind}`, `use ${kind}`);
  return undefined;
}

/** Returns a boolean; undefined if it is missing or not a boolean, which is reported. */
export function readBoolean(value: FileValue, context: FileContext): boolean | undefined {
  const written = readScalar(value, context);
  if (written === undefined || written === 'true' || written === 'false') {
    return written === undefined ? undefined : written === 'true';
  }
  context.fail(value, `${JSON.stringify(written)} is not a boolean`, 'use true or false');
  return undefined;
}

/** Returns the strings of a list. */
export function stringsOf(list: FileValue, context: FileContext): string[] {
  const strings = entriesOfList(list, context).map((entry) => readScalar(entry, context));
  return strings.filter((each) => each !== undefined);
}

/** Returns the members of a mapping, none if it is missing; undefined if it is not a mapping, which is reported. */
export function membersOf(
  value: FileValue,
  context: FileContext,
): [string, FileValue][] | undefined {
  const { node, path } = value;
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap<Node, Node | null>(node)) {
    context.fail(value, 'is not a mapping', 'use keys with values');
    return undefined;
  }
  const names = new Set<string>();
  return node.items.map(({ key, value: member }) => {
    const name = isScalar(key) ? String(key.value) : String(key);
    const at: FileValue = {
      path: path === '' ? name : `${path}.${name}`,
      line: lineOf(key, context),
      node: context.resolve(member),
    };
    if (names.has(name)) context.fail(at, 'has been set before', 'remove one of them');
    names.add(name);
    return [name, at];
  });
}

/** Returns the entries of a list; none if it is missing or not a list, which is reported. */
export function entriesOfList(value: FileValue, context: FileContext): FileValue[] {
  const { node, path, line } = value;
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isSeq<Node>(node)) {
    context.fail(value, 'is not a list', 'use entries that begin with a hyphen');
    return [];
  }
  return node.items.map((entry, index) => ({
    path: `${path}[${index}]`,
    line: entry ? lineOf(entry, context) : line,
    node: context.resolve(entry),
  }));
}

function lineOf({ range }: Node, { lines }: FileContext): number {
  return lines.linePos(range?.[0] ?? 0).line;
}
