import { reloadResults } from './load-page.ts';

const MIN_INTERVAL_MS = 500;

/** Reloads the results when the viewer reports a change that concerns this page. */
export function followChanges(): void {
  const { live } = document.body.dataset;
  const isWaiting = document.querySelector('meta[http-equiv="refresh"]') !== null;
  if (live === undefined || isWaiting) return;
  let isPaused = false;
  let isDirty = false;
  let timer: number | undefined;
  let last = 0;

  const source = new EventSource('/events');
  source.addEventListener('change', ({ data }) => {
    const ids: unknown = JSON.parse(String(data));
    if (live !== 'all' && !(Array.isArray(ids) && ids.includes(live))) return;
    isDirty = true;
    schedule();
  });
  addEventListener('pagehide', () => source.close());
  document.addEventListener('visibilitychange', schedule);
  document.addEventListener('results', showPause);
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || target.closest('#pause') === null) return;
    isPaused = !isPaused;
    showPause();
    schedule();
  });

  function showPause() {
    const button = document.getElementById('pause');
    if (!button) return;
    button.setAttribute('aria-pressed', String(isPaused));
    button.textContent = isPaused ? 'Paused' : 'Pause';
  }

  function schedule() {
    if (!isDirty || isPaused || document.hidden || timer !== undefined) return;
    const wait = Math.max(0, last + MIN_INTERVAL_MS - Date.now());
    timer = window.setTimeout(async () => {
      isDirty = false;
      try {
        await reloadResults();
      } catch {
        // The viewer has stopped; EventSource reconnects when it is back.
      }
      last = Date.now();
      timer = undefined;
      schedule();
    }, wait);
  }
}
