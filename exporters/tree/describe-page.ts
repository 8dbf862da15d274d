import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { type Segment, toJsonSafeAttributes } from '../terminal/index.ts';
import { readException } from './describe-exception.ts';
import { formatDuration } from './times.ts';

/** Returns true for the span of a web page, which may be forged. */
export function isPageSpan({ resource }: ReadableSpan): boolean {
  return resource.attributes['telemetry.sdk.language'] === 'webjs';
}

/** A line about a page. */
export interface PageLine {
  readonly segments: readonly Segment[];
  /** The trace is also that of the request for the page, which has a line of its own. */
  readonly isLoad: boolean;
}

/**
 * Describes a page load or an error of a page: `page / loaded in 84 ms, LCP 60 ms`.
 * @returns undefined for other spans of pages: the server's own lines show the requests
 */
export function describePage(span: ReadableSpan): PageLine | undefined {
  const page: Segment = { text: 'page', style: 'dim' };
  const error = span.events.find(({ name }) => name === 'exception');
  const exception = readException(error?.attributes);
  if (exception) {
    const place = placeInScript(error?.attributes?.['exception.stacktrace']);
    const text: Segment = { text: ` ✗ ${exception.text}`, style: 'boldRed', shrinks: true };
    return { segments: [page, text, { text: place }], isLoad: false };
  }
  if (span.name !== 'documentLoad') return undefined;
  const { 'url.full': url, 'http.url': oldUrl } = toJsonSafeAttributes(span.attributes);
  const { pathname = '', search = '' } = URL.parse(String(url ?? oldUrl)) ?? {};
  const paint = span.events.find(
    ({ attributes }) => attributes?.['browser.web_vital.name'] === 'lcp',
  )?.attributes?.['browser.web_vital.value'];
  const segments: Segment[] = [
    page,
    { text: pathname && ` ${pathname}${search}`, style: 'bold', shrinks: true },
    { text: ` loaded in ${formatDuration(hrTimeToMilliseconds(span.duration))}` },
    { text: typeof paint === 'number' ? `, LCP ${formatDuration(paint)}` : '' },
  ];
  return { segments, isLoad: true };
}

/** Returns the first position of a browser's stack trace without the origin: `/app.js:1:234`. */
function placeInScript(stack: unknown): string {
  const [, frame = ''] = typeof stack === 'string' ? stack.split('\n', 2) : [];
  const url = URL.parse(frame.trim().replace(/^at /, ''));
  return url ? `  ${url.pathname}${url.search}` : '';
}
