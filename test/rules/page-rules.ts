import type { Manifest } from './dependency-rules.ts';
import { AVOIDED, MAX_WORDS } from './language-rules.ts';

/** Returns the npm scripts and deno tasks that a page names and that do not exist. */
export function commandBreaches(
  page: string,
  text: string,
  { scripts = {} }: Manifest,
  { tasks = {} }: { readonly tasks?: Readonly<Record<string, string>> },
): string[] {
  const npm = text.matchAll(
    /\bnpm (?:-s |--silent )?(?:run (?:-s |--silent )?([\w:-]+)|(start|test)\b)/g,
  );
  const deno = text.matchAll(/\bdeno task ([\w:-]+)/g);
  return [
    ...[...npm]
      .filter(([, run, short]) => !Object.hasOwn(scripts, run ?? short ?? ''))
      .map(([command]) => `${page} names "${command}", which package.json does not have`),
    ...[...deno]
      .filter(([, task = '']) => !Object.hasOwn(tasks, task))
      .map(([command]) => `${page} names "${command}", which deno.json does not have`),
  ];
}

const LINK = /\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g;

/** A page or folder that a link leads to. */
export interface Target {
  readonly exists: boolean;
  /** The text of a page; undefined for any other file. */
  readonly text?: string;
}

/** Returns the links to files and headings that do not exist. Addresses of other sites are not checked. */
export function linkBreaches(
  page: string,
  text: string,
  resolve: (page: string, path: string) => Target,
): string[] {
  return [...withoutCode(text).matchAll(LINK)]
    .map(([, link, image]) => link ?? image ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? { exists: true, text } : resolve(page, path);
      if (heading === undefined || target.text === undefined) return !target.exists;
      return !anchorsOf(target.text).includes(heading);
    })
    .map((link) => `${page} links to ${link}, which does not exist`);
}

/** Returns the words and the long sentences in a page that CONTRIBUTING.md's rules of language exclude. */
export function proseBreaches(page: string, text: string): string[] {
  const prose = withoutCode(text);
  const words = AVOIDED.flatMap(([pattern, better]) => {
    const [found] = pattern.exec(prose) ?? [];
    return found ? [`${page} says "${found}": ${better}`] : [];
  });
  const long = sentencesOf(text).filter(
    (sentence) => sentence.split(/\s+/).filter((word) => /\w/.test(word)).length > MAX_WORDS,
  );
  return [
    ...words,
    ...long.map((sentence) => `${page} has more than ${MAX_WORDS} words in "${sentence}"`),
  ];
}

/** Returns the sentences in the paragraphs and lists of a page. */
function sentencesOf(text: string): string[] {
  return withoutCode(text)
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/^(?:\||#).*$/gm, '')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|(?<=[.:;!?])[)*]*\s+/)
    .map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim());
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '');
}

/** Returns the anchors of headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}
