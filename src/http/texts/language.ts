import type { Context, HonoRequest } from 'hono';
import { accepts } from 'hono/accepts';

/** The languages of the pages, each with its own name. */
export const LANGUAGES = { en: 'English', fr: 'Français', hi: 'हिन्दी' } as const;

export type Language = keyof typeof LANGUAGES;

/** Returns the language that the user has chosen: `?lang=fr`. All links of a page keep it. */
export function readChosenLanguage(request: HonoRequest): Language | undefined {
  const language = request.query('lang') ?? '';
  return isLanguage(language) ? language : undefined;
}

/** The languages of recent headers: parsing one takes longer than rendering a small page. */
const cache = new Map<string, Language>();
const MAX_CACHED_HEADERS = 200;
const MAX_CACHED_LENGTH = 100;

/** Returns the first language that the client accepts, in the order of its preference. */
export function readAcceptedLanguage(c: Context): Language {
  const header = c.req.header('Accept-Language') ?? '';
  const cached = cache.get(header);
  if (cached) return cached;
  const language = parseAcceptedLanguage(c);
  if (cache.size >= MAX_CACHED_HEADERS) cache.clear();
  if (header.length <= MAX_CACHED_LENGTH) cache.set(header, language);
  return language;
}

function parseAcceptedLanguage(c: Context): Language {
  const language = accepts(c, {
    header: 'Accept-Language',
    supports: Object.keys(LANGUAGES),
    default: 'en',
    // `fr-CA` is served as `fr`, unlike in Hono's own match.
    match: (ranges, { default: fallback }) =>
      ranges.find(({ type, q }) => q > 0 && isLanguage(baseOf(type)))?.type ?? fallback,
  });
  const base = baseOf(language);
  return isLanguage(base) ? base : 'en';
}

function baseOf(range: string): string {
  return range.toLowerCase().replace(/-.*/s, '');
}

function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}
