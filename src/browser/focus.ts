/**
 * Remembers the focused element. Returns a function that focuses the nearest element if that one is
 * gone: the same button of the next or previous task, or the field for a new task.
 */
export function keepFocus(): () => void {
  const { activeElement } = document;
  const row = activeElement?.closest('li');
  const place = row && activeElement ? [...row.children].indexOf(activeElement) : -1;
  const rows = row ? [...followers(row, 'next'), ...followers(row, 'previous')] : [];

  return function restore() {
    if (!activeElement || activeElement === document.body || isThere(activeElement)) return;
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
