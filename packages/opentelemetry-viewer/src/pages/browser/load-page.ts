import { offerToCopy } from './copy.ts';

/** The results as the server rendered them last. */
let shown = document.getElementById('results')?.innerHTML;

/**
 * Fetches the current page again and replaces its results if they have changed. The focus and the current
 * row stay.
 * @param isWanted returns false if the page must stay as it is
 * @returns false if it must, or while the user selects text, types or drags in the results: try again later
 */
export async function reloadResults(isWanted: () => boolean): Promise<boolean> {
  if (isBusy() || !isWanted()) return false;
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const from = page.getElementById('results');
  const to = document.getElementById('results');
  if (!from || !to || from.innerHTML === shown) return true;
  if (isBusy() || !isWanted()) return false;
  shown = from.innerHTML;
  const focused = document.activeElement;
  const focusedHref = to.contains(focused) ? focused?.getAttribute('href') : undefined;
  const current = to.querySelector('.current')?.id;
  to.replaceChildren(...from.childNodes);
  document.title = page.title;
  if (current) document.getElementById(current)?.classList.add('current');
  if (focusedHref) to.querySelector<HTMLElement>(`a[href="${CSS.escape(focusedHref)}"]`)?.focus();
  offerToCopy(to);
  document.dispatchEvent(new Event('results'));
  return true;
}

function isBusy(): boolean {
  const isSelecting = !getSelection()?.isCollapsed;
  return isSelecting || document.querySelector('#results :is(input:focus, .brush)') !== null;
}
