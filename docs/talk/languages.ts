import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Languages of the talk. The pages in English are the source of commands, code and outputs. */
export const languages = ['en', 'fr', 'hi'] as const;
export type Language = (typeof languages)[number];

/** Chapters in the order of reading, as paths from the repository's root. */
export const chapters: readonly string[] = ['100', '200', '300', '400'].map(
  (chapter) => `docs/talk/${chapter}/README.md`,
);

/** Pages that exist in each language. */
export const translatedPages: readonly string[] = [
  'README.md',
  'docs/talk/README.md',
  ...chapters,
  'docs/talk/REFERENCES.md',
];

const root = new URL('../../', import.meta.url);

/** Folder of the steps in chapter 300. */
export const STEPS_FOLDER = 'docs/talk/300';

/** Names of the steps in chapter 300, in order. */
export const steps: readonly string[] = readdirSync(fileUrl(STEPS_FOLDER), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** Returns the name of a page, a picture or the slides in a language: `README.fr.md`. */
export function inLanguage(file: string, language: Language): string {
  return language === 'en' ? file : file.replace(/\.(\w+)$/, `.${language}.$1`);
}

/** Returns the URL of a file, from its path from the repository's root. */
export function fileUrl(path: string): URL {
  return new URL(path, root);
}

export function readText(path: string): string {
  return readFileSync(fileUrl(path), 'utf8');
}

/** Resolves a link of a page. */
export function resolveLink(page: string, link: string): string {
  return posix.join(posix.dirname(page), link);
}
