import { type Document, isScalar, type ScalarTag, visit } from 'yaml';
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
 * Replaces references to environment variables in the values of a document, but not in its keys.
 *
 * A plain value gets its type afterwards: `${PORT}` may become a number, `"${PORT}"` is a string. A
 * variable cannot add structure, and its value is not searched for references again.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/data-model/#environment-variable-substitution
 */
export function substituteVariables(document: Document, env: Environment): Substitution {
  const references = new Set<string>();
  const invalid: { text: string; offset: number }[] = [];
  visit(document, {
    Scalar(key, node) {
      const isPlain = node.type === 'PLAIN';
      const text = isPlain ? node.source : node.value;
      if (key === 'key' || typeof text !== 'string' || !text.includes('$')) return;
      const replaced = text.replace(REFERENCE, (match, name?: string, preset = '') => {
        if (match === '$$') return '$';
        if (name === undefined) {
          invalid.push({ text: match, offset: node.range?.[0] ?? 0 });
          return match;
        }
        references.add(name);
        return env[name] || preset;
      });
      node.value = isPlain ? resolvePlain(document, replaced) : replaced;
    },
  });
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
