import { announceResult } from './announce.ts';
import { enqueue } from './enqueue.ts';
import { clearFailure, showFailure } from './failure.ts';
import { scriptTexts } from './texts/index.ts';

/** Width of the handle in the style sheet. */
const HANDLE_WIDTH = 24;
/** Distance from the edge of the window at which a dragged task scrolls the page. */
const EDGE = 60;

type Sibling = 'previousElementSibling' | 'nextElementSibling';

/** Lets the user move tasks: Alt+Arrow with the focus in a row, or its handle with a pointer. */
export function moveTasks(): void {
  document.addEventListener('keydown', (event) => {
    const { target, key, altKey } = event;
    const row =
      target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement
        ? target.closest<HTMLElement>('#list > li')
        : null;
    if (!row || !altKey || (key !== 'ArrowUp' && key !== 'ArrowDown')) return;
    event.preventDefault();
    const undo = rememberPlace(row);
    if (step(row, key === 'ArrowUp' ? 'previousElementSibling' : 'nextElementSibling')) {
      void save(row, undo);
    }
  });

  document.addEventListener('pointerdown', (event) => {
    const { target, button, offsetX } = event;
    // The handle is drawn by the style sheet, and belongs to the row itself.
    if (!(target instanceof HTMLLIElement) || button !== 0 || offsetX > HANDLE_WIDTH) return;
    if (!target.closest('#list') || target.classList.contains('editing')) return;
    event.preventDefault();
    drag(target, event);
  });
}

function drag(row: HTMLElement, { pointerId, clientY }: PointerEvent): void {
  const undo = rememberPlace(row);
  const before = row.previousElementSibling;
  const stop = new AbortController();
  const { signal } = stop;
  let hasMoved = false;
  row.classList.add('moving');

  function end(): void {
    stop.abort();
    row.classList.remove('moving');
  }

  document.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerId !== pointerId) return;
      hasMoved ||= Math.abs(event.clientY - clientY) > 4;
      if (event.clientY < EDGE) scrollBy(0, -EDGE / 4);
      if (event.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 4);
      while (event.clientY < middleOf(row.previousElementSibling, -Infinity)) {
        step(row, 'previousElementSibling');
      }
      while (event.clientY > middleOf(row.nextElementSibling, Infinity)) {
        step(row, 'nextElementSibling');
      }
    },
    { signal },
  );
  document.addEventListener(
    'pointerup',
    () => {
      end();
      // A tap opens the page with buttons, for users who cannot drag.
      if (!hasMoved) location.assign(row.querySelector('a')?.href ?? '');
      else if (row.previousElementSibling !== before) void save(row, undo);
    },
    { signal },
  );
  const cancel = () => {
    end();
    undo();
  };
  document.addEventListener('pointercancel', cancel, { signal });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && cancel(), { signal });
}

function middleOf(row: Element | null, missing: number): number {
  if (!row) return missing;
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

/** Moves the neighbor around the row, which thus keeps the focus. */
function step(row: HTMLElement, side: Sibling): boolean {
  const neighbor = row[side];
  if (!neighbor) return false;
  if (side === 'previousElementSibling') row.after(neighbor);
  else row.before(neighbor);
  return true;
}

/** Returns a function that moves the row back, unless the list was shown anew. */
function rememberPlace(row: HTMLElement): () => void {
  const next = row.nextElementSibling;
  const list = row.parentElement;
  return () => {
    if (row.parentElement === list && (!next || next.parentElement === list)) {
      list?.insertBefore(row, next);
    }
  };
}

/** Saves the place of a row that is shown there already. */
async function save(row: HTMLElement, undo: () => void): Promise<void> {
  const previous = row.previousElementSibling;
  const body = new URLSearchParams(
    previous ? { after: idOf(previous) } : { before: idOf(row.nextElementSibling) },
  );
  const rows = row.parentElement?.children ?? [];
  const place = [...rows].indexOf(row) + 1;
  const count = rows.length;
  const title = row.querySelector('span')?.textContent ?? '';
  clearFailure(row);
  const url = `/move/${idOf(row)}`;
  const result = await enqueue({ name: 'move', method: 'POST', url, body }, ({ page }) => {
    if (!page) undo();
  });
  if (result.failure) showFailure(row, result.failure);
  else announceResult(result, scriptTexts.moved(title, place, count));
}

function idOf(row: Element | null): string {
  return row?.id.replace('task-', '') ?? '';
}
