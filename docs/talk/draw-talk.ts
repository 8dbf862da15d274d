// `npm run talk` draws the pictures of chapter 100. A test fails when one is not up to date.
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { drawingTexts } from './drawing-texts.ts';
import { drawings } from './drawings.ts';
import { fileUrl, inLanguage, languages, readText, resolveLink } from './languages.ts';

const PAGE = 'docs/talk/100/README.md';

/** Returns all pictures, by path. Each has the description in its page as title. */
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

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, svg] of drawAll()) writeFileSync(fileUrl(path), svg);
}
