import { showCopyButton } from './copy-trace.ts';
import { keepFocus } from './focus.ts';
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
  const field = document.getElementById('task') as HTMLInputElement;
  if (field.hasAttribute('aria-invalid')) {
    // An invalid title, of this field or of a removed one.
    field.value = field.defaultValue;
    field.focus();
  } else restore();
}
