import { drawingTexts } from './drawing-texts.ts';
import { drawings } from './drawings.ts';
import { inLanguage, languages, readText, resolveLink } from './languages.ts';

const PAGE = 'docs/talk/100/README.md';

/** Returns all pictures of chapter 100, by path. Each has the description in its page as title. */
export function drawAll(): Map<string, string> {
  const pictures = new Map<string, string>();
  for (const language of languages) {
    const page = readText(inLanguage(PAGE, language));
    for (const [file, draw] of Object.entries(drawings)) {
      const name = inLanguage(file, language);
      const [, title] = new RegExp(`"${name}".*?alt="([^"]*)"`, 's').exec(page) ?? [];
      if (title === undefined) throw new Error(`Chapter 100 in ${language} does not show ${name}.`);
      pictures.set(resolveLink(PAGE, name), draw(drawingTexts[language], title));
    }
  }
  return pictures;
}
