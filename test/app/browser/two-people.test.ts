import { describe, expect, test } from 'vitest';
import { noBrowser } from '../../support/browser.ts';
import { useListPages } from '../../support/list-page.ts';

if (noBrowser) test('two people at one list', ({ skip }) => skip(noBrowser));
else describe.each([true, false])('two people at one list, with JavaScript: %j', testTwoPeople);

function testTwoPeople(javaScriptEnabled: boolean): void {
  const pages = useListPages();

  /** Opens the field of the first task, lets another person do something, and saves a text. */
  async function editWhile(text: string, change: (id: string) => Promise<void>) {
    const list = await pages.open({ javaScriptEnabled });
    const id = (await list.page.locator('li').first().getAttribute('id'))?.replace('task-', '');
    await list.row('milk').hover();
    await list.edit('milk').click();
    const field = list.page.locator(javaScriptEnabled ? 'li input' : '#task');
    await field.fill(text);
    await change(id ?? '');
    await field.press('Enter');
    return list;
  }

  test('the later text wins, and its author sees the replaced text', async () => {
    await pages.add('milk');
    const list = await editWhile('oat milk', (id) =>
      pages.post(`/edit/${id}`, { task: 'soy milk', version: '1' }),
    );
    await list.shows('oat milk');
    const notice =
      'Someone else changed this task to “\u2068soy milk\u2069”; your text replaced it.';
    expect(await list.page.locator('#notice').textContent()).toBe(notice);
    if (javaScriptEnabled) await list.announces(`“oat milk” saved. ${notice} 1 task left.`);
  });

  test('the text for a deleted task can be added as a new one', async () => {
    await pages.add('milk', 'bread');
    const list = await editWhile('oat milk', (id) => pages.post(`/delete/${id}`));
    await list.shows('bread');
    expect(await list.page.getByRole('alert').textContent()).toContain(
      'The task that you edited no longer exists.',
    );
    expect(await list.page.inputValue('#task')).toBe('oat milk');
    await list.hasFocusOn('What needs to be done?');
    await list.page.keyboard.press('Enter');
    await list.shows('bread', 'oat milk');
    expect(await list.page.getByRole('alert').count()).toBe(0);
    expect(await list.page.inputValue('#task')).toBe('');
  });

  test('an empty text does not delete a task that has changed meanwhile', async () => {
    await pages.add('milk');
    const list = await editWhile('', (id) =>
      pages.post(`/edit/${id}`, { task: 'soy milk', version: '1' }),
    );
    await list.shows('soy milk');
    expect(await list.page.locator('#notice').textContent()).toContain(
      'someone changed it to “\u2068soy milk\u2069”',
    );
  });

  test('completing a deleted task shows that it no longer exists', async () => {
    await pages.add('milk', 'bread');
    const list = await pages.open({ javaScriptEnabled });
    const id = (await list.row('milk').getAttribute('id'))?.replace('task-', '');
    await pages.post(`/delete/${id}`);
    await list.toggle('milk').click();
    await list.shows('bread');
    expect(await list.page.locator('#notice').textContent()).toContain(
      'This task no longer exists',
    );
  });
}
