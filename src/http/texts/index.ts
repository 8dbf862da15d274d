import type { Context } from 'hono';
import { type InvalidTitle, MAX_TITLE_LENGTH } from '../../tasks/index.ts';
import { en, type Texts } from './en.ts';
import { fr } from './fr.ts';
import { hi } from './hi.ts';
import { type Language, readAcceptedLanguage, readChosenLanguage } from './language.ts';

export {
  LANGUAGES,
  type Language,
  readAcceptedLanguage,
  readChosenLanguage,
} from './language.ts';
export { en, type Texts };

/** The texts of each language. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en, fr, hi };

/** Returns the texts in the language of the request. */
export function getTexts(c: Context): Texts {
  return TEXTS[readChosenLanguage(c.req) ?? readAcceptedLanguage(c)];
}

/** Returns the reason why a title is invalid. */
export function describeTitleProblem({ titles }: Texts, { problem, length }: InvalidTitle): string {
  return titles[problem](length, MAX_TITLE_LENGTH);
}
