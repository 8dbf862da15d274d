import { globSync } from 'node:fs';
import { root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';

/** A fenced block of a Markdown page. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** The reason in a comment `<!-- not run: reason -->` above the block. */
  readonly notRun: string | undefined;
}

const PAGES = '{*.md,bench/README.md,exporters/README.md,packages/*/README.md,docs/**/*.md}';
const BLOCK = /(?:^<!-- not run: ([^\n]+) -->\n\n?)?^```(\w*)[^\n]*\n(.*?)^```$/gms;

const TRANSLATION = /\.(?:fr|hi)\.md$/;

const allPages = globSync(PAGES, { cwd: root }).sort();

/** All pages in English, from the repository's root. */
export const pages: readonly string[] = allPages.filter((page) => !TRANSLATION.test(page));

/** Pages in other languages. A test compares their blocks with those of the page in English. */
export const translations: readonly string[] = allPages.filter((page) => TRANSLATION.test(page));

/** Returns the fenced blocks of a page in order. */
export function readBlocks(page: string): Block[] {
  return parseBlocks(readRepositoryFile(page));
}

/** Returns the fenced blocks of a part of a page in order. */
export function parseBlocks(text: string): Block[] {
  return [...text.matchAll(BLOCK)].map(([, notRun, language = '', code = '']) => ({
    language,
    code: code.trimEnd(),
    notRun,
  }));
}

/** Returns the commands of a `sh` block: one for each line and each side of `&&`. */
export function splitCommands({ code }: Block): string[] {
  return code
    .replaceAll(/ *\\\n\s*/g, ' ')
    .split(/\n| && /)
    .map((command) => command.replace(/ +# .*/, ''))
    .filter((command) => command !== '');
}

/**
 * Returns the programs in the `ts` blocks of a page. A block without imports continues the program above it,
 * in a scope of its own.
 */
export function readExamples(page: string): string[] {
  const examples: string[] = [];
  for (const { language, code, notRun } of readBlocks(page)) {
    if (language !== 'ts' || notRun !== undefined) continue;
    if (/^import /m.test(code)) examples.push(code);
    else if (examples.length === 0) throw new Error(`${page}: a ts block continues no program`);
    else examples.push(`${examples.pop()}\n\n{\n${code}\n}`);
  }
  return examples;
}
