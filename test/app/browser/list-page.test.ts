import { describe, expect, test } from 'vitest';
import { expectQuiet, noBrowser } from '../../support/browser.ts';
import { useListPages } from '../../support/list-page.ts';

if (noBrowser) test('the list in a browser', ({ skip }) => skip(noBrowser));
else describe('the list in a browser', testList);

function testList(): void {
  const pages = useListPages();

  /** Marks the document, so that one after a reload is known. */
  async function openMarked(path = '/') {
    const list = await pages.open({ path });
    await list.page.evaluate('document.marked = true');
    return {
      ...list,
      async isTheSame() {
        expect(await list.page.evaluate('document.marked')).toBe(true);
        await expectQuiet(list);
      },
    };
  }

  test('adds tasks without a reload and keeps the focus in the field', async () => {
    const list = await openMarked();
    await list.hasFocusOn('What needs to be done?');
    await list.page.keyboard.type('milk\n');
    await list.shows('milk');
    await list.announces('“milk” added. 1 task left.');
    await list.page.keyboard.type('bread\n');
    await list.shows('milk', 'bread');
    expect(await list.page.inputValue('#task')).toBe('');
    await list.isTheSame();
  });

  test('accepts the next title while one is being sent', async () => {
    const list = await openMarked();
    await list.page.route(/\/add/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await route.continue();
    });
    await list.page.locator('#task').focus();
    for (const title of ['milk', 'bread', 'eggs']) {
      await list.page.keyboard.type(title, { delay: 20 });
      await list.page.keyboard.press('Enter');
    }
    await list.shows('milk', 'bread', 'eggs');
    expect(await list.page.inputValue('#task')).toBe('');
  });

  test('deletes only one task by a double click', async () => {
    await pages.add('a', 'b', 'c');
    const list = await openMarked();
    await list.delete('a').dblclick();
    await list.announces('“a” deleted. 2 tasks left.');
    await list.shows('b', 'c');
  });

  test('leaves a title as it was that has line breaks, which a field cannot show', async () => {
    await pages.add('one\ntwo');
    const list = await openMarked();
    await list.page.getByRole('link', { name: /^Edit/ }).click();
    await list.page.getByRole('button', { name: 'Cancel' }).focus();
    await list.page.getByRole('button', { name: 'Cancel' }).click();
    await list.page.getByRole('link', { name: /^Edit/ }).click();
    await list.page.locator('#task').focus();
    await list.isTheSame();
    await list.page.reload();
    expect(await list.page.locator('li > span').textContent()).toBe('one\ntwo');
  });

  test('shows a completed or reopened task immediately, and the server stores it', async () => {
    await pages.add('milk', 'bread');
    const list = await openMarked();
    await list.toggle('milk').click();
    await list.announces('“milk” completed. 1 task left.');
    expect(await list.toggle('milk').getAttribute('aria-checked')).toBe('true');
    await list.hasFocusOn('milk');
    await list.toggle('milk').click();
    await list.announces('“milk” reopened. 2 tasks left.');
    expect(await list.toggle('milk').getAttribute('aria-checked')).toBe('false');
    await list.isTheSame();
  });

  test('shows a change before the server has answered', async () => {
    await pages.add('milk', 'bread');
    const list = await openMarked();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    await list.page.route(/\/(complete|delete)\//, async (route) => {
      await answered;
      await route.continue();
    });
    await list.toggle('milk').click();
    await list.delete('bread').click();
    expect(await list.toggle('milk').getAttribute('aria-checked')).toBe('true');
    await list.shows('milk');
    answer();
    await list.announces('“bread” deleted. 0 tasks left.');
    await list.shows('milk');
    await list.isTheSame();
  });

  test('applies many quick changes in order', async () => {
    await pages.add('a', 'b', 'c');
    const list = await openMarked();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    await list.page.route(/\/(complete|reopen)\//, async (route) => {
      await answered;
      await route.continue();
    });
    for (const title of ['a', 'b', 'c', 'a', 'b', 'a']) await list.toggle(title).click();
    answer();
    await list.announces('“a” completed. 1 task left.');
    await list.page.reload();
    const states = list.page.locator('li [role=checkbox]');
    expect(await states.evaluateAll((all) => all.map((each) => each.ariaChecked))).toEqual([
      'true',
      'false',
      'true',
    ]);
  });

  test('deletes, and moves the focus to the next task, the previous one, or the field', async () => {
    await pages.add('a', 'b', 'c');
    const list = await openMarked();
    await list.delete('b').focus();
    await list.page.keyboard.press('Enter');
    await list.hasFocusOn('Delete c');
    await list.page.keyboard.press('Enter');
    await list.hasFocusOn('Delete a');
    await list.page.keyboard.press('Enter');
    await list.hasFocusOn('What needs to be done?');
    await list.announces('“a” deleted. 0 tasks left.');
    expect(await list.page.locator('#empty').textContent()).toContain('Nothing to do.');
    await list.isTheSame();
  });

  test('undoes a deletion, and focuses the restored task', async () => {
    await pages.add('a', 'b', 'c');
    const list = await openMarked();
    const undo = list.page.getByRole('button', { name: 'Undo' });
    await list.delete('b').click();
    await list.announces('“b” deleted. 2 tasks left.');
    await undo.click();
    await list.announces('Deletion undone. 3 tasks left.');
    await list.shows('a', 'b', 'c');
    await list.hasFocusOn('b');
    expect(await undo.count()).toBe(0);

    await list.page.getByText('Complete all').click();
    await list.page.getByText('Clear completed').click();
    await list.announces('Completed tasks deleted. 0 tasks left.');
    await undo.focus();
    await list.page.keyboard.press('Enter');
    await list.shows('a', 'b', 'c');
    await list.toggle('a').click();
    expect(await undo.count()).toBe(0);
    await list.isTheSame();
  });

  test('moves tasks by Alt and an arrow key, and the focus stays', async () => {
    await pages.add('a', 'b', 'c');
    const list = await openMarked();
    await list.toggle('c').focus();
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.shows('c', 'a', 'b');
    await list.announces('“c” moved to 1 of 3. 3 tasks left.');
    const keys = await list.page.locator('#list').getAttribute('aria-keyshortcuts');
    expect(keys).toBe('Alt+ArrowUp Alt+ArrowDown');
    await list.page.keyboard.press('Alt+ArrowUp');
    await list.hasFocusOn('c');
    await list.edit('a').focus();
    await list.page.keyboard.press('Alt+ArrowDown');
    await list.announces('“a” moved to 3 of 3. 3 tasks left.');
    await list.hasFocusOn('Edit a');
    await list.isTheSame();
    await list.page.reload();
    await list.shows('c', 'b', 'a');
  });

  test('moves a task by its handle; Escape and a failure put it back', async () => {
    await pages.add('a', 'b', 'c');
    const list = await openMarked();
    const { mouse, keyboard } = list.page;
    const drag = async (from: string, to: string) => {
      const start = await list.row(from).boundingBox();
      const end = await list.row(to).boundingBox();
      if (!start || !end) throw new Error('A row is not visible.');
      await mouse.move(start.x + 12, start.y + start.height / 2);
      await mouse.down();
      await mouse.move(end.x + 40, end.y + end.height / 2 + Math.sign(end.y - start.y), {
        steps: 5,
      });
    };
    await drag('a', 'c');
    await list.shows('b', 'c', 'a');
    await mouse.up();
    await list.announces('“a” moved to 3 of 3. 3 tasks left.');
    await drag('c', 'b');
    await list.shows('c', 'b', 'a');
    await keyboard.press('Escape');
    await mouse.up();
    await list.shows('b', 'c', 'a');
    await list.isTheSame();

    await list.page.route('**/move/**', (route) => route.abort());
    await drag('a', 'b');
    await list.shows('a', 'b', 'c');
    await mouse.up();
    await list.page.waitForSelector('li .refusal');
    await list.shows('b', 'c', 'a');
    await list.page.reload();
    await list.shows('b', 'c', 'a');
  });

  test('a tap on the handle opens the page that has buttons to move the task', async () => {
    await pages.add('a', 'b');
    const list = await openMarked();
    await list.row('b').click({ position: { x: 12, y: 20 } });
    await list.page.getByRole('button', { name: 'Move up' }).click();
    await list.shows('b', 'a');
  });

  test('links to a new task that is out of sight', async () => {
    await pages.add(...'abcdefghijklmnopqrst');
    const list = await openMarked();
    await list.page.keyboard.type('new\n');
    await list.page.getByRole('link', { name: 'Show it' }).click();
    await expect
      .poll(() => list.row('new').evaluate((row) => row.getBoundingClientRect().bottom))
      .toBeLessThan(720);
    await list.isTheSame();
  });

  test('edits in place: a double click, Enter saves', async () => {
    await pages.add('milk');
    const list = await openMarked();
    await list.page.locator('li > span').dblclick();
    await list.hasFocusOn('Edit milk');
    await list.page.keyboard.press('ControlOrMeta+A');
    await list.page.keyboard.type('oat milk\n');
    await list.shows('oat milk');
    await list.announces('“oat milk” saved. 1 task left.');
    await list.hasFocusOn('Edit oat milk');
    await list.isTheSame();
  });

  test('Escape leaves the title as it was, leaving the field saves, an empty title deletes', async () => {
    await pages.add('milk', 'bread');
    const list = await openMarked();
    await list.edit('milk').click();
    await list.page.keyboard.type(' and more');
    await list.page.keyboard.press('Escape');
    await list.shows('milk', 'bread');
    await list.hasFocusOn('Edit milk');

    await list.edit('milk').click();
    await list.page.keyboard.press('End');
    await list.page.keyboard.type('shake');
    await list.page.locator('h1').click();
    await list.shows('milkshake', 'bread');

    await list.edit('milkshake').click();
    await list.page.locator('li input').fill(' ');
    await list.page.keyboard.press('Enter');
    await list.shows('bread');
    await list.announces('“milkshake” deleted. 1 task left.');
    await list.hasFocusOn('Edit bread');
    await list.isTheSame();
  });

  test('filters without a reload, and goes back and forward', async () => {
    await pages.add('(done)', 'open');
    const list = await openMarked();
    await list.filter('Active').click();
    await list.shows('open');
    await list.announces('1 task shown.');
    expect(list.page.url()).toBe(`${pages.url}/?show=active`);
    expect(await list.page.title()).toBe('Active · To-Do List');
    await list.filter('Completed').click();
    await list.shows('done');
    await list.page.goBack();
    await list.shows('open');
    await list.page.goBack();
    await list.shows('done', 'open');
    expect(await list.page.title()).toBe('To-Do List');
    await list.page.goForward();
    await list.shows('open');
    expect(list.page.url()).toBe(`${pages.url}/?show=active`);
    await list.isTheSame();
    await list.page.reload();
    await list.shows('open');
  });

  test('shows the part of the list in the address, even if a change was made on another', async () => {
    await pages.add('milk', 'bread');
    const list = await openMarked();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    await list.page.route(/show=active$/, async (route) => {
      await answered;
      await route.continue();
    });
    await list.page.getByRole('link', { name: 'Active' }).click();
    await list.toggle('milk').click();
    answer();
    await list.announces('“milk” completed. 1 task left.');
    expect(new URL(list.page.url()).search).toBe('?show=active');
    await list.shows('bread');
  });

  test('a task that leaves the filter leaves the page, and the focus moves to the next one', async () => {
    await pages.add('a', 'b');
    const list = await openMarked('/?show=active');
    await list.toggle('a').click();
    await list.shows('b');
    await list.hasFocusOn('b');
    await list.isTheSame();
  });

  test('completes all and clears the completed', async () => {
    await pages.add('a', 'b');
    const list = await openMarked();
    expect(await list.page.getByText('Clear completed').count()).toBe(0);
    await list.page.getByText('Complete all').click();
    await list.announces('All tasks completed. 0 tasks left.');
    await list.hasFocusOn('Reopen all');
    await list.page.getByText('Clear completed').click();
    await list.announces('Completed tasks deleted. 0 tasks left.');
    await list.hasFocusOn('What needs to be done?');
    await list.isTheSame();
  });

  test('shows hostile titles as text, also those that the script renders', async () => {
    const titles = ['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', '\u202Egnp.exe'];
    const list = await openMarked();
    for (const title of titles) {
      await list.page.fill('#task', title);
      await list.page.keyboard.press('Enter');
      await list.announces(
        `“${title}” added. ${titles.indexOf(title) === 0 ? '1 task' : `${titles.indexOf(title) + 1} tasks`} left.`,
      );
    }
    await list.shows(...titles);
    await list.page.locator('li > span').first().dblclick();
    expect(await list.page.locator('li input').inputValue()).toBe(titles[0]);
    expect(await list.page.locator('main img, main script').count()).toBe(0);
    await list.isTheSame();
  });
}
