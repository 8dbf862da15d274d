/** Formats a duration: `0.41 ms`, `12.3 ms`, `1.20 s`, `3 min 5 s`. */
export function formatMillis(millis: number): string {
  if (!Number.isFinite(millis)) return '–';
  const size = Math.abs(millis);
  if (size === 0) return '0 ms';
  if (size < 0.01) return `${(millis * 1_000).toFixed(1)} µs`;
  if (size < 10) return `${millis.toFixed(2)} ms`;
  if (size < 100) return `${millis.toFixed(1)} ms`;
  if (size < 1_000) return `${millis.toFixed(0)} ms`;
  if (size < 60_000) return `${(millis / 1_000).toFixed(2)} s`;
  const seconds = Math.round(millis / 1_000);
  if (size < 3_600_000) return `${Math.trunc(seconds / 60)} min ${seconds % 60} s`;
  return `${formatMetricValue(Math.trunc(seconds / 3_600))} h ${Math.trunc((seconds % 3_600) / 60)} min`;
}

/** Formats a round duration of an axis: `500 µs`, `2.5 ms`, `100 s`. */
export function formatTick(millis: number): string {
  const [size, unit] =
    millis >= 1_000 ? [1e-3, 's'] : millis >= 0.999 ? [1, 'ms'] : ([1_000, 'µs'] as const);
  return `${Number((millis * size).toPrecision(3))} ${unit}`;
}

/** Parses `1.2s`, `100ms`, `500us`, `2m`, `1h`, `2d`; a number without a unit is milliseconds. */
export function parseMillis(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)(ns|us|µs|ms|s|m|h|d)?$/.exec(text.replace(/\s/g, ''));
  if (!match) return undefined;
  return Number(match[1]) * (UNITS_MS[match[2] ?? 'ms'] ?? 1);
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Formats a number with thousands separators: `1,204`, `12.35`, `0.0042`. */
export function formatMetricValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  // Intl.NumberFormat does the same, but Node loads it for 20 ms, which the first page would wait for.
  if (size >= 100) return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
  // A value that is not 0 must not look like it.
  return String(Number(size < 1 ? value.toPrecision(2) : value.toFixed(2)));
}

/** Formats a count with its noun: `1 span`, `1,204 spans`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatMetricValue(count)} ${count === 1 ? singular : plural}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const mebibytes = bytes / 1_048_576;
  return mebibytes < 0.1
    ? `${(bytes / 1_024).toFixed(1)} KiB`
    : `${mebibytes.toFixed(1).replace(/\.0$/, '')} MiB`;
}

/** Formats a local time of day with milliseconds, and the date unless it is today. */
export function formatTime(millis: number, now = Date.now()): string {
  const date = toDate(millis);
  if (!date) return 'invalid time';
  const clock = formatClock(millis);
  return date.toDateString() === new Date(now).toDateString()
    ? clock
    : `${formatDay(date)} ${clock}`;
}

/** Formats a time on an axis: with milliseconds on a short one, and with the date on one of days. */
export function formatAxisTime(millis: number, rangeMillis: number): string {
  const date = toDate(millis);
  if (date && rangeMillis > DAY_MS) {
    return `${formatDay(date)} ${formatClock(millis, 'seconds').slice(0, -3)}`;
  }
  return formatClock(millis, rangeMillis < SHORT_RANGE_MS ? 'millis' : 'seconds');
}

const DAY_MS = 86_400_000;
/** Five labels of a shorter axis would be equal without milliseconds. */
const SHORT_RANGE_MS = 10_000;

/** Formats a local time of day, with milliseconds unless `seconds` is set. */
export function formatClock(millis: number, precision: 'millis' | 'seconds' = 'millis'): string {
  const date = toDate(millis);
  if (!date) return '–';
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const clock = parts.map((part) => pad(part)).join(':');
  return precision === 'seconds' ? clock : `${clock}.${pad(date.getMilliseconds(), 3)}`;
}

/** Returns an ISO 8601 time, or an empty string for a time outside of the calendar. */
export function formatIso(millis: number): string {
  return toDate(millis)?.toISOString() ?? '';
}

function toDate(millis: number): Date | undefined {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function formatDay(date: Date): string {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
