import { translations } from './page.ts';

const FENCE = /^```.*?^```$/gms;
const LINK = /\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"|(https?:\/\/[^\s<>()*|]*[\w/])/g;

/** The parts of a page that its translations share. */
export interface Outline {
  /** Levels of headings, number of list items and table rows, and blocks, in order. */
  readonly structure: readonly string[];
  /** Links and pictures of each paragraph, list item or table row. Their order depends on the language. */
  readonly links: readonly (readonly string[])[];
  /** Comments, which mark blocks. */
  readonly comments: readonly string[];
}

/** Returns the outline of a page, with the names of files in English. */
export function outlineOf(text: string): Outline {
  const units = text
    .replaceAll(FENCE, 'fenced block')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) |\|)/)
    .map((unit) => unit.trim())
    .filter((unit) => unit !== '');
  return {
    structure: units.map(kindOf),
    links: units.map((unit) => [...unit.matchAll(LINK)].map(targetOf).sort()),
    comments: text.match(/<!--.*?-->/gs) ?? [],
  };
}

function kindOf(unit: string): string {
  const [mark = 'text'] =
    /^(?:#+|[-*](?= )|\d+\.|\||<!?\w+|<!--|fenced block|`[\w.-]+`$)/.exec(unit) ?? [];
  return mark === '|' ? `row of ${unit.split(/(?<!\\)\|/).length} cells` : mark;
}

function targetOf([, link, image, address]: RegExpMatchArray): string {
  return (link ?? image ?? address ?? '').replace(/\.(?:fr|hi)(\.\w+)/, '$1');
}

/** Returns the pages in other languages of a page in English. */
export function translationsOf(page: string): string[] {
  const [name] = page.split(/\.md$/);
  return translations.filter((each) => each.replace(/\.\w+\.md$/, '') === name);
}
