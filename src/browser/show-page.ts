import { showCopyButton } from './copy-trace.ts';
import { morph } from './morph.ts';

/** Shows another page in this document. Unchanged elements stay, and keep the focus. */
export function showPage(page: Document): void {
  const main = document.querySelector('main');
  const fresh = page.querySelector('main');
  if (!main || !fresh) return;
  document.title = page.title;
  const restore = keepFocus();
  morph(main, fresh);
  showCopyButton();
  describeKeys();
  const field = document.getElementById('task') as HTMLInputElement;
  if (field.hasAttribute('aria-invalid')) {
    // An invalid title, of this field or of a removed one.
    field.value = field.defaultValue;
    field.focus();
  } else restore();
}

/** Shows screen readers the keys that move a task. */
export function describeKeys(): void {
  const list = document.getElementById('list');
  list?.setAttribute('aria-keyshortcuts', 'Alt+ArrowUp Alt+ArrowDown');
}

/**
 * Remembers the focused element. Returns a function that focuses the nearest one if it was removed. That
 * is the same button of the next or previous task, or the field for a new task.
 */
export function keepFocus(): () => void {
  const { activeElement } = document;
  const row = activeElement?.closest('li');
  const place = row && activeElement ? [...row.children].indexOf(activeElement) : -1;
  const rows = row ? [...followers(row, 'next'), ...followers(row, 'previous')] : [];

  return function restore() {
    if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return;
    // An element that was moved within the page has lost the focus.
    if (isThere(activeElement)) {
      if (activeElement !== document.activeElement) activeElement.focus();
      return;
    }
    const next = rows.find(isThere);
    const nearest = next?.children[place] ?? document.getElementById('task');
    if (nearest instanceof HTMLElement) nearest.focus();
  };
}

function followers(row: Element, direction: 'next' | 'previous'): Element[] {
  const found: Element[] = [];
  const step = `${direction}ElementSibling` as const;
  for (let each = row[step]; each; each = each[step]) found.push(each);
  return found;
}

function isThere(element: Element): boolean {
  return element.isConnected && !element.closest('[hidden]');
}
