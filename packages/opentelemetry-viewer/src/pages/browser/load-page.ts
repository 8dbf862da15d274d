import { offerToCopy } from './copy.ts';

/** Fetches the current page again and replaces its results, keeping the focus and the current row. */
export async function reloadResults(): Promise<void> {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const from = page.getElementById('results');
  const to = document.getElementById('results');
  if (!from || !to) return;
  // Selecting text, typing and dragging must not be interrupted.
  if (isBusy(to)) return;
  const focused = document.activeElement;
  const focusedHref = to.contains(focused) ? focused?.getAttribute('href') : undefined;
  const current = to.querySelector('.current')?.id;
  to.replaceChildren(...from.childNodes);
  document.title = page.title;
  if (current) document.getElementById(current)?.classList.add('current');
  if (focusedHref) to.querySelector<HTMLElement>(`a[href="${CSS.escape(focusedHref)}"]`)?.focus();
  offerToCopy(to);
  document.dispatchEvent(new Event('results'));
}

function isBusy(results: Element): boolean {
  const isTyping = results.querySelector('input:focus') !== null;
  const isSelecting = !getSelection()?.isCollapsed;
  return isTyping || isSelecting || results.querySelector('.brush') !== null;
}
