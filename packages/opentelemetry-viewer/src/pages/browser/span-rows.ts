import { offerToCopy } from './copy.ts';

/** Opens details and folds rows in place, and keeps the address that shows the same without script. */
export function handleSpanRows(): void {
  document.addEventListener('click', (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(target instanceof Element)) return;
    const link = target.closest<HTMLAnchorElement>('#waterfall .label > a');
    const row = link?.closest<HTMLElement>('.row');
    if (!link || !row) return;
    event.preventDefault();
    if (link.classList.contains('fold')) toggleFold(row, link);
    else toggleDetail(row, link);
  });
}

export function closeDetail(): boolean {
  const detail = document.getElementById('detail');
  if (!detail) return false;
  const row = detail.previousElementSibling;
  detail.remove();
  const link = row?.querySelector<HTMLAnchorElement>('.label > a:not(.fold)');
  link?.removeAttribute('aria-expanded');
  setParam('span', undefined);
  link?.focus();
  return true;
}

async function toggleDetail(row: HTMLElement, link: HTMLAnchorElement): Promise<void> {
  const isOpen = row.nextElementSibling?.id === 'detail';
  const detail = document.getElementById('detail');
  detail?.previousElementSibling
    ?.querySelector('[aria-expanded]')
    ?.removeAttribute('aria-expanded');
  detail?.remove();
  const id = row.id.slice(1);
  setParam('span', isOpen ? undefined : id);
  if (isOpen) return;
  const { pathname, search } = location;
  const response = await fetch(`${pathname}/span/${id}${search}`);
  if (!response.ok) {
    location.assign(link.href);
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.getElementById('detail')?.remove();
  const item = document.createElement('li');
  item.className = 'detail';
  item.id = 'detail';
  item.append(...page.body.childNodes);
  row.after(item);
  link.setAttribute('aria-expanded', 'true');
  offerToCopy(item);
}

function toggleFold(row: HTMLElement, link: HTMLAnchorElement): void {
  const fold = new Set((new URL(location.href).searchParams.get('fold') ?? '').split('.'));
  const id = row.id.slice(1);
  // Rows that the server left out are only there after a reload.
  if (fold.has(id) && link.dataset.own === undefined) {
    location.assign(link.href);
    return;
  }
  const isFolding = !fold.delete(id);
  if (isFolding) fold.add(id);
  link.dataset.own = '';
  link.textContent = isFolding ? '▸' : '▾';
  link.ariaLabel = (link.ariaLabel ?? '').replace(/^\w+/, isFolding ? 'Unfold' : 'Fold');
  setParam('fold', [...fold].filter(Boolean).join('.') || undefined);
  showRows();
}

function showRows(): void {
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const each of document.querySelectorAll<HTMLElement>('#waterfall > li')) {
    const depth = Number(each.dataset.depth ?? Number.POSITIVE_INFINITY);
    each.hidden =
      each.id === 'detail' ? hiddenBelow !== Number.POSITIVE_INFINITY : depth > hiddenBelow;
    if (each.hidden || each.id === 'detail') continue;
    const isFolded = each.querySelector('.fold')?.textContent === '▸';
    hiddenBelow = isFolded ? depth : Number.POSITIVE_INFINITY;
  }
}

function setParam(name: string, value: string | undefined): void {
  const url = new URL(location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  url.hash = '';
  history.replaceState(null, '', url);
}
