import { announceAnswer } from './announce.ts';
import { clearFailure, showFailure } from './failure.ts';
import { perform } from './perform.ts';

/** Turns a task's row into a field: Enter and leaving it save, Escape leaves all as it was. */
export function editInPlace(row: HTMLElement): void {
  const link = row.querySelector('a');
  const title = row.querySelector('span')?.textContent ?? '';
  if (!link || row.classList.contains('editing')) return;
  const { href } = link;
  const field = createField(title);
  clearFailure(row);
  // A line break in a title is none in a field.
  const shown = field.value;
  const cancel = createCancel();
  row.append(field, cancel);
  row.classList.add('editing');
  field.focus();
  // While it is saved, and from its end on: a field that is taken away loses the focus, too.
  let isDone = false;

  function close(): void {
    isDone = true;
    const hadFocus = [field, cancel].includes(document.activeElement as HTMLInputElement);
    row.classList.remove('editing');
    clearFailure(row);
    field.remove();
    cancel.remove();
    if (hadFocus) link?.focus();
  }

  async function save(): Promise<void> {
    if (isDone) return;
    const text = field.value.trim();
    if (field.value === shown) return close();
    isDone = true;
    field.readOnly = true;
    const { version = '' } = row.dataset;
    const body = new URLSearchParams({ task: text, version, seen: title });
    const answer = await perform({ name: 'edit', method: 'POST', url: href, body }, ({ page }) => {
      if (page) close();
    });
    if (answer.page)
      return announceAnswer(answer, text ? `“${text}” saved.` : `“${title}” deleted.`);
    isDone = false;
    field.readOnly = false;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', showFailure(row, answer.failure));
  }

  field.addEventListener('blur', ({ relatedTarget }) => {
    // Another window is no reason to save.
    if (document.hasFocus() && relatedTarget !== cancel) void save();
  });
  cancel.addEventListener('click', close);
  field.addEventListener('keydown', ({ key, isComposing }) => {
    if (isComposing || isDone) return;
    if (key === 'Enter') void save();
    if (key === 'Escape') close();
  });
}

function createField(title: string): HTMLInputElement {
  const field = document.createElement('input');
  // Of no form: in that of the list, Enter would press the first of its buttons.
  field.setAttribute('form', '');
  field.setAttribute('aria-label', `Edit ${title}`);
  field.dir = 'auto';
  field.autocomplete = 'off';
  field.enterKeyHint = 'done';
  field.value = title;
  return field;
}

/** Where there is no Escape: on a touch screen. */
function createCancel(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'cancel';
  button.textContent = 'Cancel';
  return button;
}
