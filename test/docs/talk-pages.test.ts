import { describe, expect, test } from 'vitest';
import { type DrawingTexts, drawingTexts } from '../../docs/talk/drawing-texts.ts';
import { languages, readText, translatedPages } from '../../docs/talk/languages.ts';
import { diffLines } from '../../docs/talk/show-step.ts';
import { writePages } from '../../docs/talk/talk-pages.ts';
import { drawAll } from '../../docs/talk/talk-pictures.ts';
import { frenchBreaches, hindiBreaches } from '../support/typography.ts';
import { translations } from './page.ts';
import { outlineOf, translationsOf } from './page-outline.ts';

const FENCE = /^```.*?^```$|<!--.*?-->/gms;

test.each([...writePages()])('%s is up to date: run `npm run talk`', (path, text) => {
  expect(readText(path)).toBe(text);
});

test.each([...drawAll()])('%s is up to date: run `npm run talk`', (path, svg) => {
  expect(readText(path)).toBe(svg);
});

test('each translated page exists in all languages, and no other page is a translation', () => {
  const expected = translatedPages.flatMap((page) => translationsOf(page));
  expect(expected).toHaveLength(translatedPages.length * (languages.length - 1));
  expect(expected.toSorted()).toEqual(translations);
});

describe.each(translatedPages)('%s', (page) => {
  const english = outlineOf(readText(page));

  test.each(translationsOf(page))(`%s has the outline of ${page}`, (translation) => {
    const outline = outlineOf(readText(translation));
    expect(outline.structure).toEqual(english.structure);
    expect(outline.links).toEqual(english.links);
    expect(outline.comments).toEqual(english.comments);
  });
});

test.each(translations)('%s has the typography of its language', (page) => {
  const text = readText(page).replaceAll(FENCE, '');
  const isFrench = page.endsWith('.fr.md');
  const breaches = isFrench ? frenchBreaches : hindiBreaches;
  // The attributes of a tag have straight quotation marks; a description has the typography, too.
  const prose = text.replaceAll(/`[^`]*`/g, 'code').replaceAll(/<[^>]*?(?:alt="([^"]*)")?>/g, '$1');
  expect(breaches(prose)).toEqual([]);
  // GitHub would make it a part of the address.
  expect(prose.match(/https?:\/\/[^\s)]*।/g)).toBeNull();
});

test('the drawings have the typography of their language', () => {
  expect(textsIn(drawingTexts.fr).flatMap(frenchBreaches)).toEqual([]);
  expect(textsIn(drawingTexts.hi).flatMap(hindiBreaches)).toEqual([]);
});

test.each(["l'arbre", 'Pourquoi ?', 'Le kit : options', '« Lent »', 'en 50 ms', '5 000 requêtes'])(
  'frenchBreaches() finds %s',
  (text) => {
    expect(frenchBreaches(text)).toHaveLength(1);
  },
);

test.each(['बाकी काम', 'यह trace है.', '"काम"'])('hindiBreaches() finds %s', (text) => {
  expect(hindiBreaches(text)).toHaveLength(1);
});

test('step 190 has the images of deploy/', () => {
  const images = readText('docs/talk/300/190-collector/compose.yaml').matchAll(/image: (\S+)/g);
  const deployed = readText('deploy/compose.yaml');
  for (const [, image = ''] of images) expect(deployed).toContain(image);
});

test('outlineOf() finds a missing list item, a changed link and a missing column', () => {
  const english = outlineOf('# A\n\n- [b](b.md)\n- c\n\n| d | e |');
  expect(outlineOf('# F\n\n- [g](b.fr.md)\n- h\n\n| i | j |')).toEqual(english);
  expect(outlineOf('# F\n\n- [g](b.fr.md)\n\n| i | j |').structure).not.toEqual(english.structure);
  expect(outlineOf('# F\n\n- [g](c.md)\n- h\n\n| i | j |').links).not.toEqual(english.links);
  expect(outlineOf('# F\n\n- [g](b.md)\n- h\n\n| i |').structure).not.toEqual(english.structure);
});

test('diffLines() shows changes with two lines around them', () => {
  const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const after = ['a', 'b', 'c', 'd', 'E', 'f', 'g', 'h'];
  const expected = [' …', ' c', ' d', '-e', '+E', ' f', ' g', ' …'];
  expect(diffLines(before.join('\n'), after.join('\n'))).toBe(expected.join('\n'));
});

function textsIn(words: DrawingTexts): string[] {
  return Object.values(words).flat();
}
