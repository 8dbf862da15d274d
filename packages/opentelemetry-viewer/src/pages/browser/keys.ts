import { closeDetail } from './span-rows.ts';

const ROWS = '#traces tbody tr, #waterfall .row:not([hidden], .log), .logs tbody tr';

/**
 * Handles keys: `/` searches, j and k move, Enter opens, x folds, e goes to the next error, Esc goes back.
 */
export function handleKeys(): void {
  describeKeys();
  // Replaced results have their own fields and links.
  document.addEventListener('results', describeKeys);
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target, key } = event;
    if (target instanceof Element && target.matches('input, select, textarea')) {
      if (key === 'Escape' && target instanceof HTMLElement) target.blur();
      return;
    }
    const action = ACTIONS[key];
    if (action?.() === true) event.preventDefault();
  });
}

/** Shows the keys of fields and links to screen readers. */
function describeKeys(): void {
  findSearchField()?.setAttribute('aria-keyshortcuts', '/');
  document.getElementById('next-error')?.setAttribute('aria-keyshortcuts', 'E');
}

/** Returns the field of the results, such as that of a trace, or else the one of the page. */
function findSearchField(): HTMLElement | null {
  return (
    document.querySelector<HTMLElement>('#results [data-search]') ??
    document.querySelector<HTMLElement>('[data-search]')
  );
}

// An action returns whether it did something.
const ACTIONS: Readonly<Record<string, () => boolean>> = {
  '/': () => focus(findSearchField()),
  j: () => move(1),
  k: () => move(-1),
  Enter: () => (isOnLink() ? false : open()),
  o: open,
  x: () => click(current()?.querySelector('a.fold')),
  e: () => click(document.getElementById('next-error')),
  Escape: () => closeDetail() || goUp(),
};

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(ROWS)];
}

function current(): HTMLElement | null {
  return document.querySelector('.current');
}

function move(step: number): boolean {
  const all = rows();
  const from = current();
  const index = from ? all.indexOf(from) + step : 0;
  const next = all[Math.min(all.length - 1, Math.max(0, index))];
  if (!next) return false;
  from?.classList.remove('current');
  next.classList.add('current');
  next.scrollIntoView({ block: 'nearest' });
  // The focus follows, so that screen readers announce the row.
  next.querySelector<HTMLElement>('a:not(.fold)')?.focus({ preventScroll: true });
  return true;
}

function open(): boolean {
  return click(current()?.querySelector('a:not(.fold)'));
}

function isOnLink(): boolean {
  return document.activeElement?.matches('a, button, summary') ?? false;
}

function click(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.click();
  return true;
}

function focus(element: HTMLElement | null): boolean {
  element?.focus();
  return element !== null;
}

/** Goes from a trace back to the list. */
function goUp(): boolean {
  if (!location.pathname.startsWith('/trace/')) return false;
  if (document.referrer.startsWith(location.origin)) history.back();
  else location.assign('/');
  return true;
}
