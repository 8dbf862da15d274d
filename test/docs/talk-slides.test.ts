import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { chapters, languages, readText } from '../../docs/talk/languages.ts';
import { renderSlides } from '../../docs/talk/render-slides.ts';
import { lengths, readSchedule } from '../../docs/talk/schedule.ts';
import { splitSlides } from '../../docs/talk/split-slides.ts';
import { noBrowser, useBrowser } from '../support/browser.ts';

/** Height of a slide, in the pixels of the presentation. */
const SLIDE_HEIGHT = 720;

const folder = mkdtempSync(join(tmpdir(), 'talk-slides-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(chapters)(
  'each section of %s is on a slide, and each paragraph is in the notes',
  (page) => {
    const text = readText(page);
    const slides = splitSlides(text);
    const headings = [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)];
    expect(new Set(slides.map(({ title }) => title))).toEqual(
      new Set(headings.map(([, each]) => each)),
    );
    expect(slides.some(({ notes }) => notes.length > 0)).toBe(true);
    for (const { isChapter, content } of slides) expect(content.length > 0).toBe(!isChapter);
  },
);

test('splitSlides() continues long code on the next slide', () => {
  const code = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');
  const slides = splitSlides(`## Code\n\nWords.\n\n\`\`\`ts\n${code}\n\`\`\``);
  expect(slides.map(({ title }) => title)).toEqual(['Code', 'Code', 'Code']);
  expect(
    slides.flatMap(({ content }) => content.map((each) => 'text' in each && each.text)).join('\n'),
  ).toBe(code);
});

describe.skipIf(noBrowser !== undefined)('in a browser', () => {
  const openPage = useBrowser();

  test.each(languages)('the slides in %s fit, and load nothing', async (language) => {
    const file = join(folder, `${language}.html`);
    writeFileSync(file, renderSlides(language));
    const { page, complaints } = await openPage(pathToFileURL(file).href, { offline: true });
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.reload();
    expect(loaded.filter((url) => !/^(?:file|data):/.test(url))).toEqual([]);
    const tall = await page.evaluate(`Reveal.getSlides().filter((slide) => {
      const { h, v } = Reveal.getIndices(slide);
      Reveal.slide(h, v);
      return slide.scrollHeight > ${SLIDE_HEIGHT} || slide.scrollWidth > slide.clientWidth;
    }).map((slide) => slide.innerText)`);
    expect(tall).toEqual([]);
    expect(await page.evaluate('document.documentElement.lang')).toBe(language);
    expect(await complaints()).toEqual([]);
    await page.context().close();
  });

  test.each(lengths)('?minutes=%s keeps the slides of that talk only', async (length) => {
    const file = join(folder, `${length}.html`);
    writeFileSync(file, renderSlides('fr'));
    const { page } = await openPage(`${pathToFileURL(file).href}?minutes=${length}`);
    const marks = (await page.evaluate(`Reveal.getSlides().flatMap((slide) =>
      slide.matches('[data-minutes]:not(.chapter)') ? [slide.querySelector('.notes').innerText] : [])`)) as string[];
    const parts = readSchedule('fr').filter((part) => part.length === length);
    expect(marks.length).toBeGreaterThan(parts.length);
    for (const mark of marks) expect(mark).toMatch(new RegExp(`^${length} min: \\d+–\\d+ `, 'm'));
    const shown = new Set(marks.map((mark) => mark.match(`${length} min: (\\S+)`)?.[1]));
    expect([...shown]).toEqual(parts.map(({ minutes }) => minutes));
    await page.context().close();
  });

  test('the slides print to a PDF with a page for each', async () => {
    const file = join(folder, 'print.html');
    writeFileSync(file, renderSlides('en'));
    const { page } = await openPage(`${pathToFileURL(file).href}?print-pdf`);
    await page.locator('.pdf-page').first().waitFor();
    const slides = await page.evaluate('Reveal.getTotalSlides()');
    expect(await page.locator('.pdf-page').count()).toBe(slides);
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(Number(slides));
    await page.context().close();
  });
});
