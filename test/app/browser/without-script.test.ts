import { describe, expect, test } from 'vitest';
import { expectQuiet, noBrowser } from '../../support/browser.ts';
import { useListPages } from '../../support/list-page.ts';

if (noBrowser) test('the list without JavaScript', ({ skip }) => skip(noBrowser));
else describe('the list without JavaScript', testList);

function testList(): void {
  const pages = useListPages();
  const open = (path = '/') => pages.open({ path, javaScriptEnabled: false });

  test('adds, completes, reopens and deletes', async () => {
    const list = await open();
    await list.page.fill('#task', 'milk');
    await list.page.keyboard.press('Enter');
    await list.shows('milk');
    await list.toggle('milk').click();
    expect(list.page.url()).toMatch(/\/#task-\d+$/);
    expect(await list.page.locator('#left').textContent()).toBe('0 tasks left');
    await list.toggle('milk').click();
    expect(await list.page.locator('#left').textContent()).toBe('1 task left');
    await list.row('milk').hover();
    await list.delete('milk').click();
    await list.shows();
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.shows('milk');
    expect(list.page.url()).toMatch(/\/#task-\d+$/);
    await expectQuiet(list);
  });

  test('edits on a separate page and returns to the same filter', async () => {
    await pages.add('milk', '(bread)');
    await pages.post('/reopen-all');
    const list = await open('/?show=active');
    await list.row('milk').hover();
    await list.edit('milk').click();
    expect(await list.page.inputValue('#task')).toBe('milk');
    await list.page.fill('#task', 'x'.repeat(501));
    await list.page.getByText('Save', { exact: true }).click();
    expect(await list.page.getByRole('alert').textContent()).toContain('501 characters');
    expect(await list.page.inputValue('#task')).toBe('x'.repeat(501));
    await list.page.fill('#task', 'oat milk');
    await list.page.keyboard.press('Enter');
    await list.shows('oat milk', 'bread');
    expect(list.page.url()).toMatch(/\/\?show=active#task-\d+$/);
  });

  test('moves a task up and down on the page that edits it', async () => {
    await pages.add('a', 'b', '(c)');
    const list = await open();
    for (const [title, button, ...titles] of [
      ['c', 'Move up', 'a', 'c', 'b'],
      ['a', 'Move down', 'c', 'a', 'b'],
      ['c', 'Move up', 'c', 'a', 'b'],
    ] as const) {
      await list.row(title).hover();
      await list.edit(title).click();
      await list.page.getByRole('button', { name: button }).click();
      await list.shows(...titles);
      expect(list.page.url()).toMatch(/\/#task-\d+$/);
    }
    await expectQuiet(list);
  });

  test('filters by links, completes all and clears the completed', async () => {
    await pages.add('(a)', 'b');
    const list = await open();
    await list.filter('Active').click();
    await list.shows('b');
    await list.page.getByText('Complete all').click();
    expect(list.page.url()).toBe(`${pages.url}/?show=active`);
    await list.filter('Completed').click();
    await list.shows('a', 'b');
    await list.page.goBack();
    await list.shows();
    await list.page.getByText('Clear completed').click();
    expect(await list.page.locator('#empty').textContent()).toContain('Nothing to do.');
    await expectQuiet(list);
  });
}
