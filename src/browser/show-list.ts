import { announce } from './announce.ts';
import { clearFailure, showFailure } from './failure.ts';
import { perform } from './perform.ts';

/** The part of the list that the page shows, as it stands in its address. */
let shown = location.search;

/** Shows another part of the list, whose address becomes that of the page. */
export async function showList(url: string): Promise<void> {
  const filters = document.getElementById('filters') ?? document.body;
  clearFailure(filters);
  const answer = await perform({ name: 'show', method: 'GET', url }, ({ page }) => {
    if (!page) return;
    if (url !== location.href) history.pushState(null, '', url);
    shown = location.search;
  });
  if (answer.failure) return void showFailure(filters, answer.failure);
  const count = document.querySelectorAll('li').length;
  announce(count === 1 ? '1 task shown.' : `${count} tasks shown.`);
}

addEventListener('popstate', () => {
  if (location.search !== shown) void showList(location.href);
});
