import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { noBrowser } from '../../support/browser.ts';
import { type ListPage, useListPages } from '../../support/list-page.ts';

if (noBrowser) test('a change that fails in the browser', ({ skip }) => skip(noBrowser));
else describe('a change that fails in the browser', testFailures);

const UNREACHABLE = 'The server cannot be reached. Check the connection and try again.';

function testFailures(): void {
  const pages = useListPages();

  async function expectAlert(list: ListPage, text: string): Promise<void> {
    await expect.poll(() => list.page.getByRole('alert').allTextContents()).toEqual([text]);
  }

  /** Lets the next posts fail as if the server had answered so. */
  async function answer(page: Page, status: number, title: string, headers = {}): Promise<void> {
    await page.route(/\/(add|complete|delete|edit)/, (route) =>
      route.fulfill({
        status,
        headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
        body: `<main><header><h1>${title}</h1><p>${status}</p></header><p>Please wait.</p></main>`,
      }),
    );
  }

  test('a network failure reverts the change, is shown at the task, and the next try works', async () => {
    await pages.add('milk', 'bread');
    const list = await pages.open();
    await list.page.route(/\/(complete|delete)\//, (route) => route.abort());
    await list.toggle('milk').click();
    await expectAlert(list, UNREACHABLE);
    expect(await list.row('milk').getByRole('alert').count()).toBe(1);
    expect(await list.toggle('milk').getAttribute('aria-checked')).toBe('false');
    await list.delete('milk').click();
    await list.shows('milk', 'bread');
    await expectAlert(list, UNREACHABLE);

    await list.page.unroute(/\/(complete|delete)\//);
    await list.toggle('bread').click();
    await list.announces('“bread” completed. 1 task left.');
    expect(await list.page.getByRole('alert').count()).toBe(0);
    await list.delete('milk').click();
    await list.shows('bread');
    expect(await list.page.getByRole('alert').count()).toBe(0);
  });

  test.each([
    [
      429,
      'Too many requests',
      { 'Retry-After': '3' },
      'Too many requests. Try again in 3 seconds.',
    ],
    [503, 'Not possible', { 'Retry-After': '1' }, 'Not possible. Try again in 1 second.'],
    [500, 'Something went wrong', {}, 'Something went wrong. Please wait.'],
  ])(
    'a response with status %i keeps the input and shows the reason',
    async (status, title, headers, text) => {
      await pages.add('milk');
      const list = await pages.open();
      await answer(list.page, status, title, headers);
      await list.page.fill('#task', 'bread');
      await list.page.keyboard.press('Enter');
      await expectAlert(list, text);
      expect(await list.page.inputValue('#task')).toBe('bread');

      await list.edit('milk').click();
      await list.page.locator('li input').fill('oat milk');
      await list.page.keyboard.press('Enter');
      await expect.poll(() => list.page.locator('li').getByRole('alert').textContent()).toBe(text);
      expect(await list.page.locator('li input').inputValue()).toBe('oat milk');

      await list.page.unroute(/\/(add|complete|delete|edit)/);
      await list.page.locator('li input').press('Enter');
      await list.shows('oat milk');
      await list.page.locator('#task').press('Enter');
      await list.shows('oat milk', 'bread');
      expect(await list.page.getByRole('alert').count()).toBe(0);
    },
  );

  test('a title that is too long shows the reason, in characters or in bytes', async () => {
    await pages.add('milk');
    const list = await pages.open();
    await list.page.fill('#task', '😀'.repeat(501));
    await list.page.keyboard.press('Enter');
    await expect
      .poll(() => list.page.locator('#refusal').textContent())
      .toContain('The title has 501 characters.');
    expect(await list.page.inputValue('#task')).toBe('😀'.repeat(501));
    await list.page.fill('#task', 'x'.repeat(70_000));
    await list.page.keyboard.press('Enter');
    await expect
      .poll(() => list.page.locator('.add [data-own]').textContent())
      .toMatch(/^Request too large\. .*64 kB/);
    await list.page.fill('#task', 'bread');
    await list.page.keyboard.press('Enter');
    await list.shows('milk', 'bread');
    expect(await list.page.getByRole('alert').count()).toBe(0);

    await list.edit('milk').click();
    await list.page.locator('li input').fill('x'.repeat(501));
    await list.page.keyboard.press('Enter');
    await expect
      .poll(() => list.row('').getByRole('alert').textContent())
      .toContain('The title has 501 characters.');
  });

  test('a failed filter leaves the page and its URL as they are', async () => {
    await pages.add('milk');
    const list = await pages.open();
    await list.page.route(/show=/, (route) => route.abort());
    await list.filter('Completed').click();
    await expectAlert(list, UNREACHABLE);
    await list.shows('milk');
    expect(list.page.url()).toBe(`${pages.url}/`);
  });

  test('a form that is submitted twice adds one task', async () => {
    const list = await pages.open();
    await list.page.fill('#task', 'milk');
    await list.page.evaluate(`{
      const form = document.querySelector('.add');
      form.requestSubmit();
      form.requestSubmit();
      form.requestSubmit();
    }`);
    await list.announces('“milk” added. 1 task left.');
    await list.page.reload();
    await list.shows('milk');
  });
}
