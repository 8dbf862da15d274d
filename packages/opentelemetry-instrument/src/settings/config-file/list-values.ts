import type { AttributeValue } from '@opentelemetry/api';
import { isScalar } from 'yaml';
import { entriesOf } from '../variable.ts';
import {
  entriesOfList,
  type FileContext,
  type FileValue,
  membersOf,
  readScalar,
  readShape,
  type Shape,
  stringsOf,
} from './shape.ts';

/** Reads the attributes of the resource. Those in `attributes` override those in `attributes_list`. */
export function readResource(value: FileValue, context: FileContext): void {
  const pairs = createPairs('OTEL_RESOURCE_ATTRIBUTES', true);
  readShape(value, { attributes_list: pairs.list, attributes: pairs.named }, context);
}

/** Returns the forms of `headers` and `headers_list`, which set one variable. */
export function readHeaders(variable: string): { headers: Shape; headers_list: Shape } {
  const pairs = createPairs(variable);
  return { headers: pairs.named, headers_list: pairs.list };
}

/** Reads the propagators of both lists, each of them once. */
export function readPropagator(value: FileValue, context: FileContext): void {
  const names = new Set<string>();
  function add(name: string, at: FileValue): void {
    names.add(name);
    context.set('OTEL_PROPAGATORS', [...names].join(','), at);
  }
  readShape(
    value,
    {
      composite(list) {
        for (const entry of entriesOfList(list, context)) {
          for (const [name] of membersOf(entry, context) ?? []) add(name, entry);
        }
      },
      composite_list(list) {
        for (const name of entriesOf(readScalar(list, context) ?? '')) add(name, list);
      },
    },
    context,
  );
}

/** Returns the form of a list of names, which is one value of a variable. */
export function namesShape(variable: string): Shape {
  return (list, context) => {
    context.set(variable, stringsOf(list, context).join(','), list);
  };
}

/** Collects names and values of two keys of the file. Named entries override those of the list. */
function createPairs(variable: string, areTyped = false): { list: Shape; named: Shape } {
  let listed: string | undefined;
  const named: string[] = [];
  function set(at: FileValue, context: FileContext): void {
    const text = [listed, ...named].filter((part) => part !== undefined).join(',');
    if (text !== '') context.set(variable, text, at);
  }
  return {
    list(value, context) {
      listed = readScalar(value, context);
      set(value, context);
    },
    named(list, context) {
      for (const entry of entriesOfList(list, context)) {
        const pair = readPair(entry, context, areTyped);
        if (typeof pair?.value === 'string') named.push(encodePair(pair.name, pair.value));
        else if (pair !== undefined) context.addAttribute(pair.name, pair.value);
      }
      set(list, context);
    },
  };
}

/** Returns an entry as in a variable: `name=value`, percent-encoded. */
function encodePair(name: string, value: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

/** Tests of a value by the name of its type. Lists have the suffix `_array`. */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int: Number.isSafeInteger,
  double: (value) => typeof value === 'number',
};
const TYPE_NAMES = Object.keys(TYPES).flatMap((name) => [name, `${name}_array`]);

/** Returns the name and the value of an entry; undefined without a value, and after a mistake. */
function readPair(
  entry: FileValue,
  context: FileContext,
  isTyped: boolean,
): { name: string; value: AttributeValue } | undefined {
  let name: string | undefined;
  let type = 'string';
  let at: FileValue | undefined;
  function readType(value: FileValue): void {
    type = readScalar(value, context) ?? type;
    if (TYPE_NAMES.includes(type)) return;
    const problem = `${JSON.stringify(type)} is not a type`;
    context.fail(value, problem, `use one of ${TYPE_NAMES.join(', ')}`);
  }
  readShape(
    entry,
    {
      name(value) {
        name = readScalar(value, context);
      },
      ...(isTyped && { type: readType }),
      value(value) {
        at = value;
      },
    },
    context,
  );
  if (name === undefined) {
    context.fail(entry, 'has no name', 'add name and value');
    return undefined;
  }
  const isType = TYPES[type.replace('_array', '')];
  if (at === undefined || isType === undefined) return undefined;
  const values = type.endsWith('_array')
    ? entriesOfList(at, context).map(({ node }) => scalarOf(node))
    : [scalarOf(at.node)];
  if (values.every((each) => each === null)) return undefined;
  if (!values.every(isType)) {
    const isText = type === 'string';
    const fix = isText
      ? `quote it${isTyped ? ', or set its type' : ''}`
      : 'correct it, or its type';
    context.fail(at, `is not of type ${type}`, fix);
    return undefined;
  }
  return { name, value: (type.endsWith('_array') ? values : values[0]) as AttributeValue };
}

function scalarOf(node: unknown): unknown {
  return isScalar(node) ? node.value : node;
}
