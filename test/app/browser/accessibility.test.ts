import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectQuiet, noBrowser } from '../../support/browser.ts';
import { findViolations } from '../../support/find-violations.ts';
import { type ListPage, useListPages } from '../../support/list-page.ts';

if (noBrowser) test('the pages for everybody', ({ skip }) => skip(noBrowser));
else describe('the pages for everybody', testPages);

const LONG = ['😀'.repeat(500), 'x'.repeat(500), 'حليب وخبز', 'Donaudampfschifffahrtskapitän'];

/** Contrast of 7:1, which axe does not check by default. */
const AAA = { rules: { 'color-contrast-enhanced': { enabled: true } } };

/** States of a page: its path and the actions on it. */
const STATES: Record<string, [path: string, tasks: string[], act?: (list: ListPage) => unknown]> = {
  empty: ['/', []],
  'a list': ['/', ['(bread)', 'milk']],
  'a filter that shows nothing': ['/?show=completed', ['milk']],
  'long and foreign titles': ['/', LONG],
  'a field in place': ['/', ['milk'], (list) => list.edit('milk').click()],
  'a refused title': [
    '/',
    ['milk'],
    async (list) => {
      await list.page.fill('#task', 'x'.repeat(501));
      await list.page.keyboard.press('Enter');
      await list.page.waitForSelector('#refusal');
    },
  ],
  'a failed change': [
    '/',
    ['milk'],
    async (list) => {
      await list.page.route('**/complete/**', (route) => route.abort());
      await list.toggle('milk').click();
      await list.page.waitForSelector('li .refusal');
    },
  ],
  'a deleted task': [
    '/',
    ['milk', 'bread'],
    async (list) => {
      await list.delete('milk').click();
      await list.page.waitForSelector('#undo');
    },
  ],
  'a new task out of sight': [
    '/',
    [...'abcdefg'],
    async (list) => {
      await list.page.fill('#task', 'milk');
      await list.page.keyboard.press('Enter');
      await list.page.waitForSelector('#added');
    },
  ],
  'a task that is gone': ['/edit/999999', ['milk']],
  'an error': ['/nix', []],
};

function testPages(): void {
  const pages = useListPages();

  test.each(Object.entries(STATES))(
    'axe finds nothing in %s, light or dark, and 320 px are wide enough',
    async (_, state) => {
      const [path, tasks, act] = state;
      await pages.add(...tasks);
      const list = await pages.open({ path, viewport: { width: 320, height: 600 } });
      await act?.(list);
      for (const colorScheme of ['light', 'dark'] as const) {
        await list.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await findViolations(list.page, AAA)).toEqual([]);
      }
      expect(await list.page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    },
  );

  test('axe finds nothing in the page that edits a task', async () => {
    await pages.add('milk');
    const list = await pages.open();
    await list.page.goto(pages.url + (await list.edit('milk').getAttribute('href')));
    expect(await findViolations(list.page)).toEqual([]);
  });

  test('everything that can be pressed is at least 24 px in both directions', async () => {
    await pages.add('(bread)', 'milk');
    const list = await pages.open({ viewport: { width: 320, height: 600 } });
    for (const target of await list.page.locator('main a, main button, main input').all()) {
      const { width = 0, height = 0 } = (await target.boundingBox()) ?? {};
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    }
  });

  test('touch screens show the controls that a mouse reveals: edit and delete', async () => {
    await pages.add('milk');
    const opacity = async (options: BrowserContextOptions) => {
      const list = await pages.open(options);
      return list.delete('milk').evaluate((button) => getComputedStyle(button).opacity);
    };
    expect(await opacity({ hasTouch: true, isMobile: true })).toBe('1');
    expect(await opacity({})).toBe('0');
    expect(await opacity({ forcedColors: 'active' })).toBe('1');
  });

  test('everything works from the keyboard, with a visible focus', async () => {
    const list = await pages.open();
    const { keyboard } = list.page;
    const tabTo = async (name: string) => {
      for (let n = 0; n < 15; n += 1) {
        await keyboard.press('Tab');
        const focused =
          'document.activeElement.ariaLabel ?? document.activeElement.innerText.trim()';
        if ((await list.page.evaluate(focused)) !== name) continue;
        const outline = 'getComputedStyle(document.activeElement).outlineStyle';
        expect(await list.page.evaluate(outline)).toBe('solid');
        return;
      }
      throw new Error(`Tab does not come to ${name}`);
    };
    await list.hasFocusOn('What needs to be done?');
    await keyboard.type('milk\n');
    await list.shows('milk');
    await tabTo('milk');
    await keyboard.press('Space');
    await list.announces('“milk” completed. 0 tasks left.');
    await keyboard.press('Space');
    await list.announces('“milk” reopened. 1 task left.');
    await tabTo('Edit milk');
    await keyboard.press('Enter');
    await list.hasFocusOn('Edit milk');
    await keyboard.press('End');
    await keyboard.type('shake\n');
    await list.shows('milkshake');
    await tabTo('Complete all');
    await keyboard.press('Enter');
    await list.announces('All tasks completed. 0 tasks left.');
    await list.page.locator('#task').focus();
    await tabTo('Active 0');
    await keyboard.press('Enter');
    await list.shows();
    await tabTo('Completed 1');
    await keyboard.press('Enter');
    await list.shows('milkshake');
    await tabTo('Delete milkshake');
    await keyboard.press('Enter');
    await list.shows();
    await list.hasFocusOn('What needs to be done?');
    await expectQuiet(list);
  });
}
