import { requestWith } from './send.ts';

interface Privacy {
  /** @see https://w3c.github.io/gpc/ */
  readonly globalPrivacyControl?: boolean;
  readonly doNotTrack?: string | null;
}

/**
 * Loads what records the page, once the page is painted and the browser has nothing to do; never
 * where the page does not say where spans go, or the visitor asks not to be tracked.
 */
export function loadTelemetry(): void {
  const place = document.querySelector<HTMLMetaElement>('meta[name="otlp-traces-endpoint"]');
  const { globalPrivacyControl, doNotTrack }: Privacy = navigator;
  if (!place || globalPrivacyControl || doNotTrack === '1') return;
  const { content: url } = place;

  async function load(): Promise<void> {
    try {
      const { startTelemetry } = await import('./telemetry.ts');
      requestWith(startTelemetry(url));
    } catch {
      // Blocked or broken: the page is as good without.
    }
  }

  function loadWhenIdle(): void {
    // Safari has none.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(load, { timeout: 5_000 });
    else setTimeout(load);
  }
  // The second frame begins when the first has been painted, which may be after the load.
  function loadWhenPainted(): void {
    requestAnimationFrame(() => requestAnimationFrame(loadWhenIdle));
  }
  if (document.readyState === 'complete') loadWhenPainted();
  else addEventListener('load', loadWhenPainted);
}
