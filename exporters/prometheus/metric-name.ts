/** Prometheus's words for UCUM units. */
const UNITS: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tebibytes',
  kBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
  '1': '',
};

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** The name of a metric family without `_total`, and its unit. */
export interface FamilyName {
  readonly name: string;
  /** Empty if the metric has no unit. */
  readonly unit: string;
}

/**
 * Returns the name that Prometheus and the Collector give to an OpenTelemetry metric.
 * @example translateName('http.server.request.duration', 's', 'histogram').name // http_server_request_duration_seconds
 * @param isRatio whether the unit `1` means a fraction, as for gauges
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
 */
export function translateName(
  name: string,
  unit: string,
  type: MetricType,
  isRatio = false,
): FamilyName {
  const word = isRatio && unit === '1' ? 'ratio' : translateUnit(unit);
  const valid = replaceInvalid(name);
  const base = type === 'counter' ? valid.replace(/_total$/, '') : valid;
  const isSuffixed = word === '' || base === word || base.endsWith(`_${word}`);
  const full = isSuffixed ? base : replaceInvalid(`${base}_${word}`);
  // OpenMetrics allows a unit only if the name ends in `_` and the unit.
  return { name: full, unit: full.endsWith(`_${word}`) ? word : '' };
}

function replaceInvalid(name: string): string {
  return name.replace(/[^a-zA-Z0-9:]+/g, '_').replace(/^(?=\d|$)/, '_');
}

/** Returns a unit as words: `m/s` as `meters_per_second`, `{request}` as nothing. */
function translateUnit(unit: string): string {
  const [dividend = '', divisor = ''] = unit.replace(/\{[^{}]*\}/g, '').split('/');
  // All plurals in the table end in `s`; `celsius` is not one of them.
  const per = wordFor(divisor).replace(/([^u])s$/, '$1');
  return [wordFor(dividend), per && `per_${per}`].filter(Boolean).join('_');
}

function wordFor(unit: string): string {
  const trimmed = unit.trim();
  if (Object.hasOwn(UNITS, trimmed)) return UNITS[trimmed] ?? '';
  return trimmed
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .join('_');
}
