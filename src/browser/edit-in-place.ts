import { announceResult } from './announce.ts';
import { enqueue } from './enqueue.ts';
import { clearFailure, showFailure } from './failure.ts';
import { scriptTexts } from './texts/index.ts';

/** Turns a task's row into a field. Enter and leaving the field save, Escape cancels. */
export function editInPlace(row: HTMLElement): void {
  const link = row.querySelector('a');
  const title = row.querySelector('span')?.textContent ?? '';
  if (!link || row.classList.contains('editing')) return;
  const { href } = link;
  const field = createField(title);
  clearFailure(row);
  // Fields drop line breaks.
  const shown = field.value;
  const cancel = createCancel();
  row.append(field, cancel);
  row.classList.add('editing');
  field.focus();
  // True while saving and afterwards: removing the field also blurs it.
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
    const result = await enqueue({ name: 'edit', method: 'POST', url: href, body }, ({ page }) => {
      if (page) close();
    });
    if (result.page) {
      return announceResult(result, text ? scriptTexts.saved(text) : scriptTexts.deleted(title));
    }
    isDone = false;
    field.readOnly = false;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', showFailure(row, result.failure));
  }

  field.addEventListener('blur', ({ relatedTarget }) => {
    // Switching to another window does not save.
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
  // Not in the form of the list, where Enter would press its first button.
  field.setAttribute('form', '');
  field.setAttribute('aria-label', scriptTexts.edit(title));
  field.dir = 'auto';
  field.autocomplete = 'off';
  field.enterKeyHint = 'done';
  field.value = title;
  return field;
}

/** Creates a cancel button for touch screens, which have no Escape key. */
function createCancel(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'cancel';
  button.textContent = scriptTexts.cancel;
  return button;
}
