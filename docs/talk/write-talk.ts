// `npm run talk` writes the generated parts of the pages and the pictures of chapter 100. A test fails when one of
// them is not up to date.
import { writeFileSync } from 'node:fs';
import { readArguments } from '../../script-arguments.ts';
import { fileUrl } from './languages.ts';
import { writePages } from './talk-pages.ts';
import { drawAll } from './talk-pictures.ts';

readArguments({});
// A picture has a title from its page, so the pages are written first.
for (const files of [writePages, drawAll]) {
  for (const [path, text] of files()) writeFileSync(fileUrl(path), text);
}
