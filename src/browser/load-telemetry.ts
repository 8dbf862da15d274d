import { setFetch } from './send.ts';

interface Privacy {
  /** @see https://w3c.github.io/gpc/ */
  readonly globalPrivacyControl?: boolean;
  readonly doNotTrack?: string | null;
}

/**
 * Loads the telemetry of the page when the page is painted and the browser is idle. Does nothing if
 * the page has no endpoint, or if the user has asked not to be tracked.
 */
export function loadTelemetry(): void {
  const place = document.querySelector<HTMLMetaElement>('meta[name="otlp-traces-endpoint"]');
  const { globalPrivacyControl, doNotTrack }: Privacy = navigator;
  if (!place || globalPrivacyControl || doNotTrack === '1') return;
  const { content: url } = place;

  async function load(): Promise<void> {
    try {
      const { startBrowserTelemetry } = await import('./telemetry/index.ts');
      setFetch(startBrowserTelemetry(url));
    } catch {
      // Blocked or broken: the page works without it.
    }
  }

  function loadWhenIdle(): void {
    // Safari does not have it.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(load, { timeout: 5_000 });
    else setTimeout(load);
  }
  // The second frame starts after the first is painted, which may be after the load.
  function loadWhenPainted(): void {
    requestAnimationFrame(() => requestAnimationFrame(loadWhenIdle));
  }
  if (document.readyState === 'complete') loadWhenPainted();
  else addEventListener('load', loadWhenPainted);
}
