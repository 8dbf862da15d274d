import { reloadResults } from './load-page.ts';

const MIN_INTERVAL_MS = 500;
/** A pause of the viewer, as in a debugger, must not stop a page for long. */
const MAX_INTERVAL_MS = 10_000;
/** Reloads take at most this part of the time: the viewer may run in the process of an app. */
const INTERVAL_FACTOR = 20;

/** Reloads the results when the viewer reports a change that concerns this page. */
export function followChanges(): void {
  const { live } = document.body.dataset;
  const isWaiting = document.querySelector('meta[http-equiv="refresh"]') !== null;
  if (live === undefined || isWaiting) return;
  let isPaused = false;
  let isDirty = false;
  let timer: number | undefined;
  let next = 0;

  let source: EventSource | undefined;

  /** Disconnects hidden pages: a browser has six connections to a server, for all tabs together. */
  function connect() {
    if (document.hidden) {
      source?.close();
      source = undefined;
      return;
    }
    if (source) return;
    source = new EventSource('/events');
    source.addEventListener('change', ({ data }) => {
      const ids: unknown = JSON.parse(String(data));
      if (live !== 'all' && !(Array.isArray(ids) && ids.includes(live))) return;
      isDirty = true;
      schedule();
    });
    // Something may have changed since the server rendered the page, or while it was not connected.
    source.addEventListener('open', () => {
      isDirty = true;
      schedule();
    });
  }

  connect();
  addEventListener('pagehide', () => source?.close());
  document.addEventListener('visibilitychange', connect);
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

  function isFollowing() {
    return !isPaused && !document.hidden;
  }

  function schedule() {
    if (!isDirty || !isFollowing() || timer !== undefined) return;
    const wait = Math.max(0, next - Date.now());
    timer = window.setTimeout(async () => {
      isDirty = false;
      const started = performance.now();
      try {
        if (!(await reloadResults(isFollowing))) isDirty = true;
      } catch {
        // The viewer has stopped; EventSource reconnects when it is back.
      }
      const needed = (performance.now() - started) * INTERVAL_FACTOR;
      next = Date.now() + Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, needed));
      timer = undefined;
      schedule();
    }, wait);
  }
}
