import { onCLS, onINP, onLCP } from 'web-vitals';
import {
  cleanUrl,
  createContext,
  INTERNAL,
  type RecordSpan,
  type SpanAttributes,
  type SpanContext,
  type SpanEvent,
} from './span.ts';

const MAX_RESOURCES = 20;
/** A page that is painted later was loaded in the background; its first paint is not part of the load. */
const MAX_PAINT_DELAY_MS = 1_000;

/** A microsecond, the smallest unit that is sent. */
const MIN_FETCH_MS = 0.001;

type Timing = PerformanceResourceTiming | PerformanceNavigationTiming;

const FETCH_EVENTS =
  'fetchStart domainLookupStart domainLookupEnd connectStart secureConnectionStart connectEnd ' +
  'requestStart responseStart responseEnd';
const LOAD_EVENTS =
  'fetchStart unloadEventStart unloadEventEnd domInteractive domContentLoadedEventStart ' +
  'domContentLoadedEventEnd domComplete loadEventStart loadEventEnd';
const PAINTS = { 'first-paint': 'firstPaint', 'first-contentful-paint': 'firstContentfulPaint' };

/** Records the load of the page and of its resources, with its web vitals, when the page is hidden. */
export function recordPageLoad(
  page: PerformanceNavigationTiming,
  context: SpanContext,
  parent: SpanContext | undefined,
  record: RecordSpan,
): void {
  function recordFetch(name: string, timing: Timing): void {
    const start = wallTime(timing.fetchStart);
    record({
      context: createContext(context),
      parent: context,
      name,
      kind: INTERNAL,
      start,
      // A response from the cache takes less than the clock can show. Jaeger calls that a negative duration.
      end: Math.max(wallTime(timing.responseEnd), start + MIN_FETCH_MS),
      attributes: { 'url.full': cleanUrl(timing.name) },
      events: eventsOf(timing, FETCH_EVENTS),
    });
  }
  const vitals = observeVitals();
  let isRecorded = false;
  function leave(): void {
    if (isRecorded || document.visibilityState !== 'hidden') return;
    isRecorded = true;
    recordFetch('documentFetch', page);
    const resources = performance
      .getEntriesByType('resource')
      // Leave out this module, and what browser extensions have loaded.
      .filter(({ name, startTime }) => isOwnResource(name) && startTime < page.loadEventEnd);
    for (const resource of resources.slice(0, MAX_RESOURCES)) {
      recordFetch('resourceFetch', resource);
    }
    record({
      context,
      parent,
      name: 'documentLoad',
      kind: INTERNAL,
      start: wallTime(page.fetchStart),
      end: wallTime(page.loadEventEnd),
      attributes: {
        'url.full': cleanUrl(page.name),
        'user_agent.original': navigator.userAgent,
      },
      events: [
        ...eventsOf(page, LOAD_EVENTS),
        ...paintEvents(page),
        // Vitals are known later, but belong to this load.
        ...Array.from(vitals.values(), (vital) => ({
          name: 'browser.web_vital',
          time: wallTime(page.loadEventEnd),
          attributes: vital,
        })),
      ],
    });
  }
  addEventListener('visibilitychange', leave);
}

/** Observes the web vitals. @returns the current attributes of each, by its name */
function observeVitals(): ReadonlyMap<string, SpanAttributes> {
  const vitals = new Map<string, SpanAttributes>();
  for (const observe of [onLCP, onINP, onCLS]) {
    observe(
      ({ name, value, id, rating, navigationType }) => {
        vitals.set(name, {
          'browser.web_vital.name': name.toLowerCase(),
          'browser.web_vital.value': value,
          // Each vital is reported once.
          'browser.web_vital.delta': value,
          'browser.web_vital.id': id,
          'browser.web_vital.rating': rating,
          'browser.web_vital.navigation_type': navigationType,
        });
      },
      { reportAllChanges: true },
    );
  }
  return vitals;
}

function paintEvents({ loadEventEnd }: PerformanceNavigationTiming): SpanEvent[] {
  return performance
    .getEntriesByType('paint')
    .filter(({ startTime }) => startTime - loadEventEnd < MAX_PAINT_DELAY_MS)
    .map(({ name, startTime }) => ({
      name: PAINTS[name as keyof typeof PAINTS],
      time: wallTime(startTime),
    }));
}

function eventsOf(timing: Timing, names: string): SpanEvent[] {
  return names.split(' ').flatMap((name) => {
    const time = Reflect.get(timing, name);
    // 0: has not happened.
    return time > 0 ? [{ name, time: wallTime(time) }] : [];
  });
}

function wallTime(time: number): number {
  return performance.timeOrigin + time;
}

function isOwnResource(url: string): boolean {
  return url.startsWith(`${location.origin}/`);
}
