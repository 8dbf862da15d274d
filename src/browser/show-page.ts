import { offerToCopyTrace } from './copy-trace.ts';
import { keepFocus } from './focus.ts';
import { morph } from './morph.ts';

/** Makes this page show what another page shows. What has not changed stays, focus and all. */
export function showPage(page: Document): void {
  const main = document.querySelector('main');
  const fresh = page.querySelector('main');
  if (!main || !fresh) return;
  document.title = page.title;
  const restore = keepFocus();
  morph(main, fresh);
  offerToCopyTrace();
  const field = document.getElementById('task') as HTMLInputElement;
  if (field.hasAttribute('aria-invalid')) {
    // What was not taken, of this field or of one that is gone.
    field.value = field.defaultValue;
    field.focus();
  } else restore();
}
