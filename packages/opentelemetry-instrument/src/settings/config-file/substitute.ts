import { type Document, isScalar, type Scalar, type ScalarTag } from 'yaml';
import type { Environment } from '../sources.ts';

/** `$$`, a reference to a variable, or an invalid reference. */
const REFERENCE =
  /\$\$|\$\{(?:env:)?(?<name>[A-Za-z_]\w*)(?::-(?<preset>[^\s${}]*))?\}|\$\{[^\n${}]*\}/g;

interface Substitution {
  /** Names of the variables that the file refers to. */
  readonly references: Set<string>;
  /** Invalid references, with their offset in the file. */
  readonly invalid: readonly { readonly text: string; readonly offset: number }[];
}

/**
 * Replaces references to environment variables in the scalar values of a document.
 *
 * A plain value gets its type afterwards: `${PORT}` may become a number, `"${PORT}"` is a string. A
 * variable cannot add structure, and its value is not searched for references again.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/data-model/#environment-variable-substitution
 */
export function substituteVariables(
  document: Document,
  scalars: readonly Scalar[],
  env: Environment,
): Substitution {
  const references = new Set<string>();
  const invalid: { text: string; offset: number }[] = [];
  for (const scalar of scalars) {
    const isPlain = scalar.type === 'PLAIN';
    const text = isPlain ? scalar.source : scalar.value;
    if (typeof text !== 'string' || !text.includes('$')) continue;
    const replaced = text.replace(REFERENCE, (match, name?: string, preset = '') => {
      if (match === '$$') return '$';
      if (name === undefined) {
        invalid.push({ text: match, offset: scalar.range?.[0] ?? 0 });
        return match;
      }
      references.add(name);
      return env[name] || preset;
    });
    scalar.value = isPlain ? resolvePlain(document, replaced) : replaced;
  }
  return { references, invalid };
}

/** Returns the value of a plain scalar by the schema of the document: null, a boolean or a number. */
function resolvePlain(document: Document, text: string): unknown {
  const tag = document.schema.tags.find(
    (each): each is ScalarTag =>
      !('collection' in each && each.collection) &&
      each.default === true &&
      !!each.test?.test(text),
  );
  const value = tag?.resolve(text, () => {}, document.options) ?? text;
  return isScalar(value) ? value.value : value;
}
