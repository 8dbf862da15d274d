import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import type { RepositoryFile } from '../support/repository-files.ts';

/** Wordings to avoid, each with the usual one, in comments, messages, test names and pages. */
export const AVOIDED: readonly (readonly [pattern: RegExp, better: string])[] = [
  [/\bfor ever\b/i, 'forever'],
  [/\bnobody\b/i, 'name the user, the caller or the program'],
  [/\bwho(?:m|so)?ever\b/i, 'name the user, the caller or the program'],
  [/\bin place of\b/i, 'instead of'],
  [/\bbesides\b/i, 'also, in addition to'],
  [/\bthe other end\b/i, 'the collector, the server'],
  [/\b(?:tells?|told|telling)\b/i, 'report, show, say'],
  [/\b(?:colour|behaviour)/i, 'color, behavior'],
  [/\b(?<!there )(?:is|are) no (?!longer\b|more than\b)[a-z]+/i, 'is not a'],
  [/\bclock that\b/i, 'monotonic clock'],
  [/\bfor a person\b/i, 'human-readable'],
  [/\b(?:believes?|trusts?|speaks?) (?:it|what|of)\b/i, 'things do not believe, trust or speak'],
  [/\bgoes away\b|\bgone away\b/i, 'disconnects, ends'],
];

/** First words that leave out the subject: of a comment on a declaration, and of a test name. */
const HEADLESS =
  /^(?:What|Whether|Where|Who|Whom|Whose|Which|Of|That|Those|How|Why|By|With|Without|For|From|As|To)\b/;
const DEPENDENT =
  /^(?:of|by|with|without|for|from|as|to|in|on|at|under|when|while|if|unless|that|which|whose|who|and|or|but|nor|so|also|even|not|where|before|after|because|until|then|than|else)\b/i;

/** Maximum number of words in a sentence. */
export const MAX_WORDS = 25;

/** A name that says it is a time, without a unit. */
const UNITLESS =
  /^(?:[A-Z0-9]+_)*(?:TIMEOUT|DELAY|INTERVAL|DURATION|PAUSE|PERIOD|DEADLINE|GRACE|PATIENCE|AGE|TTL|COOLDOWN|BACKOFF)$/;

/** Finds wordings of a file that break the rules of CONTRIBUTING.md, each as a sentence. */
export function languageBreaches({ path, text }: RepositoryFile): string[] {
  const { program, comments } = parseSync(path, text);
  const breaches: string[] = [];
  const at = (start: number) => `${path}:${text.slice(0, start).split('\n').length}`;
  const isTest = path.startsWith('test/');
  const docs = new Map<number, string>();

  function checkWords(sentence: string, start: number): void {
    for (const [pattern, better] of AVOIDED) {
      const [found] = pattern.exec(sentence) ?? [];
      if (found) breaches.push(`${at(start)} "${found}": ${better}`);
    }
  }

  let previous: { end: number; start: number; value: string } | undefined;
  function checkComment(comment: { start: number; value: string }): void {
    const prose = comment.value.replace(/^[ \t]*\* ?/gm, '');
    checkWords(withoutQuotes(prose), comment.start);
    for (const sentence of sentencesOf(prose)) {
      const words = sentence.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
      if (words > MAX_WORDS) {
        breaches.push(`${at(comment.start)} ${words} words in "${sentence.slice(0, 60)}…"`);
      }
    }
  }
  for (const { type, value, start, end } of comments) {
    if (type === 'Block') {
      if (value.startsWith('*')) docs.set(nextTokenAfter(text, end), value);
      checkComment({ start, value: value.replace(/^\*/, '') });
      continue;
    }
    // Consecutive line comments are one text.
    if (previous && /^\n?[ \t]*$/.test(text.slice(previous.end, start))) {
      previous.value += `\n${value}`;
      previous.end = end;
      continue;
    }
    if (previous) checkComment(previous);
    previous = { start, end, value };
  }
  if (previous) checkComment(previous);

  function checkDoc(start: number, isFunction: boolean): void {
    const doc = docs.get(start);
    if (doc === undefined) return;
    docs.delete(start);
    const [first = ''] = /[^\s*].*/.exec(doc) ?? [];
    if (HEADLESS.test(first)) breaches.push(`${at(start)} a comment starts with "${first}"`);
    else if (isFunction && !first.startsWith('@') && !/^[`A-Z][\w`()-]*(?:s|es)\b/.test(first)) {
      breaches.push(`${at(start)} the comment of a function needs a verb: "${first}"`);
    }
  }

  function checkTitle(title: string, start: number): void {
    checkWords(title, start);
    if (DEPENDENT.test(title)) breaches.push(`${at(start)} "${title}" does not stand alone`);
  }

  new Visitor({
    ExportNamedDeclaration: (node) => checkDoc(node.start, isFunction(node.declaration)),
    FunctionDeclaration: (node) => checkDoc(node.start, true),
    MethodDefinition: (node) => checkDoc(node.start, node.kind === 'method'),
    TSMethodSignature: (node) => checkDoc(node.start, false),
    TSPropertySignature: (node) => checkDoc(node.start, false),
    TSInterfaceDeclaration: (node) => checkDoc(node.start, false),
    TSTypeAliasDeclaration: (node) => checkDoc(node.start, false),
    ClassDeclaration: (node) => checkDoc(node.start, false),
    VariableDeclaration: (node) => checkDoc(node.start, isFunction(node)),
    VariableDeclarator({ id, init, start }) {
      const name = id.type === 'Identifier' ? id.name : '';
      if (UNITLESS.test(name) && isNumber(init)) breaches.push(`${at(start)} ${name} has no unit`);
    },
    Literal({ value, start }) {
      if (!isTest && typeof value === 'string' && value.includes(' ')) checkWords(value, start);
    },
    TemplateElement({ value, start }) {
      if (!isTest && value.cooked?.includes(' ')) checkWords(value.cooked, start);
    },
    CallExpression({ callee, arguments: [title] }) {
      if (!isTest || !isTestFunction(callee)) return;
      if (title?.type === 'Literal' && typeof title.value === 'string') {
        checkTitle(title.value, title.start);
      }
    },
  }).visit(program);
  return breaches;
}

function nextTokenAfter(text: string, end: number): number {
  return end + (/\S/.exec(text.slice(end))?.index ?? 0);
}

/** Splits prose into sentences. Tags, list items and blank lines also end one. */
function sentencesOf(prose: string): string[] {
  return prose
    .replace(/`[^`]*`/g, 'code')
    .replace(/@(?:see|example)[\s\S]*$/, '')
    .split(/[.!?](?=\s|$)|\n\s*\n|\n\s*(?=[-@])/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim());
}

function withoutQuotes(prose: string): string {
  return prose.replace(/`[^`]*`|"[^"]*"/g, '');
}

function isFunction(node: ESTree.Node | null | undefined): boolean {
  if (node?.type === 'VariableDeclaration') return isFunction(node.declarations[0]?.init);
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(
    node?.type ?? '',
  );
}

function isNumber(node: ESTree.Node | null | undefined): boolean {
  if (node?.type === 'BinaryExpression') return isNumber(node.left) && isNumber(node.right);
  return node?.type === 'Literal' && typeof node.value === 'number';
}

/** Recognizes `test()` and `it.each()()`. */
function isTestFunction(node: ESTree.Node): boolean {
  if (node.type === 'CallExpression') return isTestFunction(node.callee);
  if (node.type === 'MemberExpression') return isTestFunction(node.object);
  return node.type === 'Identifier' && /^(?:test|it)$/.test(node.name);
}
