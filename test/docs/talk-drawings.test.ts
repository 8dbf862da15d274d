import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { marked } from 'marked';
import { afterAll, describe, expect, test } from 'vitest';
import { fileUrl, inLanguage, languages, readText } from '../../docs/talk/languages.ts';
import { drawAll } from '../../docs/talk/talk-pictures.ts';
import { noBrowser, useBrowser } from '../support/browser.ts';

const PAGE = 'docs/talk/100/README.md';
/** Size of the smallest text in a drawing. */
const SMALLEST_TEXT_PX = 13;
const MIN_TEXT_PX = 11;
const MARGIN_PX = 16;

const folder = mkdtempSync(join(tmpdir(), 'talk-drawings-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(noBrowser !== undefined)('in a browser', () => {
  const openPage = useBrowser();

  test('the texts of each drawing stay within it', async () => {
    const { page } = await openPage('about:blank');
    for (const [path, svg] of drawAll()) {
      await page.setContent(svg);
      const outside = await page.evaluate(`(() => {
        const { width } = document.querySelector('svg').viewBox.baseVal;
        const isOutside = ({ left, right }) => left < 0 || right > width;
        const { left: origin } = document.querySelector('svg').getBoundingClientRect();
        return [...document.querySelectorAll('text')].filter((each) => {
          const { left, right } = each.getBoundingClientRect();
          return isOutside({ left: left - origin, right: right - origin });
        }).map((each) => each.textContent);
      })()`);
      expect(outside, path).toEqual([]);
    }
    await page.context().close();
  });

  test.each(
    languages.flatMap((language) => [320, 700, 1280].map((width) => ({ language, width }))),
  )(
    'the drawings in $language are legible at a width of $width px',
    async ({ language, width }) => {
      const name = inLanguage(PAGE, language);
      const base = `<base href="${fileUrl(name)}"><style>body { margin: ${MARGIN_PX}px } img { max-width: 100%; height: auto }</style>`;
      const file = join(folder, `${language}.html`);
      writeFileSync(file, `<!doctype html>${base}${marked.parse(readText(name))}`);
      const { page } = await openPage(pathToFileURL(file).href, {
        viewport: { width, height: 800 },
      });
      await page.waitForLoadState();
      const scales = (await page.evaluate(`[...document.querySelectorAll('img')].map((image) =>
        image.getBoundingClientRect().width / image.naturalWidth)`)) as number[];
      expect(scales).toHaveLength(4);
      for (const scale of scales) {
        expect(scale * SMALLEST_TEXT_PX).toBeGreaterThan(MIN_TEXT_PX);
        expect(scale).toBeLessThanOrEqual(1);
      }
      await page.context().close();
    },
  );
});
