import { announceResult } from './announce.ts';
import { enqueue } from './enqueue.ts';
import { clearFailure, showFailure } from './failure.ts';
import { keepFocus } from './show-page.ts';
import { scriptTexts } from './texts/index.ts';

const DONE: Readonly<Record<string, (title: string) => string>> = {
  add: scriptTexts.added,
  complete: scriptTexts.completed,
  reopen: scriptTexts.reopened,
  delete: scriptTexts.deleted,
  'complete-all': () => scriptTexts.allCompleted,
  'reopen-all': () => scriptTexts.allReopened,
  'delete-completed': () => scriptTexts.completedDeleted,
  restore: () => scriptTexts.restored,
};

/** Sends a form of the page. @param button the pressed button; null for Enter */
export async function submitForm(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const url = button?.getAttribute('formaction') ?? form.action;
  const name = new URL(url, form.action).pathname.split('/')[1] ?? '';
  const field = form.querySelector<HTMLInputElement>('#task');
  const body = field ? new URLSearchParams({ [field.name]: field.value }) : undefined;
  if (field) {
    // The second press of a double click finds the field empty.
    if (field.value === '') return;
    // Cleared immediately, so that the user can type the next task.
    field.value = '';
    form.noValidate = true;
  }

  const row = button?.closest('li');
  const typed = body?.get('task') ?? undefined;
  const title = typed?.trim() ?? row?.querySelector('span')?.textContent ?? '';
  const place = row ?? form;
  clearFailure(place);
  const undo = row && button && applyOptimistically(name, row, button);

  const result = await enqueue({ name, method: 'POST', url, body }, ({ page }) => {
    if (page) return;
    undo?.();
    if (field && typed && field.value === '') field.value = typed;
  });
  if (result.failure) return void showFailure(place, result.failure);
  announceResult(result, DONE[name]?.(title) ?? '');
  if (name === 'restore') focusTask(url);
}

/** Focuses a restored task. @param url contains its id, or the time at which several were deleted */
function focusTask(url: string): void {
  const id = /\/restore\/(\d+)(?:\?|$)/.exec(url)?.[1];
  document.getElementById(`task-${id}`)?.querySelector('button')?.focus();
}

/** Applies an action to its row before the server responds. @returns a function that reverts it */
function applyOptimistically(
  name: string,
  row: HTMLElement,
  button: HTMLElement,
): (() => void) | undefined {
  if (name === 'delete') {
    const restoreFocus = keepFocus();
    row.hidden = true;
    restoreFocus();
    return () => {
      row.hidden = false;
    };
  }
  const opposite = { complete: 'reopen', reopen: 'complete' }[name];
  if (opposite === undefined) return undefined;
  const attributes = ['formaction', 'aria-checked'] as const;
  const [action = '', state = ''] = attributes.map((name) => button.getAttribute(name) ?? '');
  button.setAttribute('formaction', action.replace(name, opposite));
  button.setAttribute('aria-checked', String(name === 'complete'));
  return () => {
    button.setAttribute('formaction', action);
    button.setAttribute('aria-checked', state);
  };
}
