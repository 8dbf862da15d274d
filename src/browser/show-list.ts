import { announce } from './announce.ts';
import { enqueue } from './enqueue.ts';
import { clearFailure, showFailure } from './failure.ts';
import { scriptTexts } from './texts/index.ts';

/** The query of the part of the list that the page shows. */
let shown = location.search;

/** Shows another part of the list and makes its URL the page's. */
export async function showList(url: string): Promise<void> {
  const filters = document.getElementById('filters') ?? document.body;
  clearFailure(filters);
  const result = await enqueue({ name: 'show', method: 'GET', url }, ({ page }) => {
    if (!page) return;
    if (url !== location.href) history.pushState(null, '', url);
    shown = location.search;
  });
  if (result.failure) return void showFailure(filters, result.failure);
  announce(scriptTexts.shown(document.querySelectorAll('li').length));
}

addEventListener('popstate', () => {
  if (location.search !== shown) void showList(location.href);
});
