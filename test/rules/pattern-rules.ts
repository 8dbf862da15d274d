import { parseSync, Visitor } from 'rolldown/utils';
import type { RepositoryFile } from '../support/repository-files.ts';

/** One thing that a pattern matches: a character, an escape, a class or a group. */
interface Atom {
  readonly source: string;
  readonly isRepeated: boolean;
  readonly isOptional: boolean;
}

const ATOM =
  /(?<source>\\[pPu]\{[^}]*\}|\\x..|\\u....|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\\.|\[(?:\\.|[^\]\\])*\]|[^()\\[]|\((?:\\.|[^()\\]|\([^()]*\))*\))*\)|[^|])(?<quantifier>[*+?]|\{[\d,]*\})?\??|(?<bar>\|)/g;

/**
 * Finds regular expressions that scan a string again from each of its positions:
 *
 * - what begins with a repetition that can fail after it: `/ +$/`, `/\s*,/`;
 * - what begins with a character, goes on over any number of the same, and can fail after that:
 *   `/\[[^\]]*\]/`, of which `[[[[` is the worst.
 *
 * A `^`, a `\b` or a look-behind in front lets a match begin at few positions only.
 */
export function patternBreaches({ path, text }: RepositoryFile): string[] {
  const breaches: string[] = [];
  new Visitor({
    Literal(node) {
      if (!('regex' in node)) return;
      const { pattern, flags } = node.regex;
      if (alternatives(pattern).some((atoms) => isQuadratic(atoms, flags))) {
        breaches.push(`${path} has /${pattern}/, which takes the square of a text's length`);
      }
    },
  }).visit(parseSync(path, text).program);
  return breaches;
}

function isQuadratic(atoms: readonly Atom[], flags: string): boolean {
  const [first] = atoms;
  const repeated = atoms.findIndex((atom) => atom.isRepeated);
  const canFail = atoms.slice(repeated + 1).some((atom) => !atom.isOptional);
  if (first === undefined || repeated === -1 || !canFail) return false;
  if (/^(?:\^|\\b|\(\?<?[!=])/.test(first.source)) return false;
  if (repeated === 0) return true;
  const isCharacter = !/^[([]|^\\[a-zA-Z]/.test(first.source);
  const character = first.source.replace(/^\\/, '');
  return isCharacter && new RegExp(`^${atoms[repeated]?.source}$`, flags).test(character);
}

function alternatives(pattern: string): Atom[][] {
  const found: Atom[][] = [[]];
  for (const { groups: { source = '', quantifier = '', bar } = {} } of pattern.matchAll(ATOM)) {
    if (bar) {
      found.push([]);
      continue;
    }
    found.at(-1)?.push({
      source,
      isRepeated: /^(?:[*+]|\{\d+,\})$/.test(quantifier),
      // What may be the end of the text as well does not fail after a repetition that went on to it.
      isOptional: /^(?:[*?]|\{0?,)/.test(quantifier) || source.endsWith('|$)'),
    });
  }
  return found;
}
