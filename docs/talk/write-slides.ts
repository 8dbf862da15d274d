// `npm run slides` writes the slides of each language to dist/talk/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { stdout } from 'node:process';
import { fileUrl, inLanguage, languages } from './languages.ts';
import { renderSlides } from './render-slides.ts';

const FOLDER = 'dist/talk';

mkdirSync(fileUrl(FOLDER), { recursive: true });
for (const language of languages) {
  const file = `${FOLDER}/${inLanguage('slides.html', language)}`;
  writeFileSync(fileUrl(file), renderSlides(language));
  stdout.write(`${file}\n`);
}
