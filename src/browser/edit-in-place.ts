import { announceAnswer } from './announce.ts';
import { clearFailure, showFailure } from './failure.ts';
import { perform } from './perform.ts';

/** Turns a task's row into a field: Enter and leaving it save, Escape leaves all as it was. */
export function editInPlace(row: HTMLElement): void {
  const link = row.querySelector<HTMLAnchorElement>('.edit');
  const title = row.querySelector('span')?.textContent ?? '';
  if (!link || row.classList.contains('editing')) return;
  const { href } = link;
  const { form, field } = createForm(title);
  clearFailure(row);
  row.append(form);
  row.classList.add('editing');
  field.focus();
  // While it is saved, and from its end on: a field that is taken away loses the focus, too.
  let isDone = false;

  function close(): void {
    isDone = true;
    const hadFocus = document.activeElement === field;
    row.classList.remove('editing');
    clearFailure(row);
    form.remove();
    if (hadFocus) link?.focus();
  }

  async function save(): Promise<void> {
    if (isDone) return;
    const text = field.value.trim();
    if (text === title) return close();
    isDone = true;
    field.readOnly = true;
    const body = new URLSearchParams({ task: text, version: row.dataset.version ?? '' });
    const answer = await perform({ name: 'edit', method: 'POST', url: href, body }, ({ page }) => {
      if (page) close();
    });
    if (answer.page)
      return announceAnswer(answer, text ? `“${text}” saved.` : `“${title}” deleted.`);
    isDone = false;
    field.readOnly = false;
    showFailure(row, answer.failure);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  form.addEventListener('focusout', () => {
    // Another window is no reason to save.
    if (document.hasFocus()) void save();
  });
  form.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && !isDone) close();
  });
}

function createForm(title: string): { form: HTMLFormElement; field: HTMLInputElement } {
  const form = document.createElement('form');
  const field = document.createElement('input');
  field.setAttribute('aria-label', `Edit ${title}`);
  field.dir = 'auto';
  field.autocomplete = 'off';
  field.enterKeyHint = 'done';
  field.value = title;
  form.append(field);
  return { form, field };
}
