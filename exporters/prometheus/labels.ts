import { toJsonSafe } from '../terminal/index.ts';

/** Attributes as pairs: several attributes may become one label. */
export type LabelSource = readonly (readonly [key: string, value: unknown])[];

/**
 * Formats attributes as labels, sorted by name.
 *
 * Values whose names become equal (`team.name` and `team_name`) are joined by `;` in the order of their
 * keys, as the specification requires.
 * @param reserved a label that the format adds, such as `le`; an attribute of that name gets Prometheus's
 * prefix for such labels, `exported_`
 * @returns for example `http_route="/",url_scheme="http"`
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-attributes
 */
export function formatLabels(source: LabelSource, reserved?: string): string {
  const labels = new Map<string, string>();
  for (const [key, value] of source.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined || value === null) continue;
    const valid = translateKey(key);
    const name = valid === reserved ? `exported_${valid}` : valid;
    const other = labels.get(name);
    labels.set(name, other === undefined ? toText(value) : `${other};${toText(value)}`);
  }
  return [...labels]
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .sort()
    .join(',');
}

/** Returns a valid label name. `key_` before digits is also the Collector's prefix. */
function translateKey(key: string): string {
  return key.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^(?=\d)/, 'key_') || '_';
}

function toText(value: unknown): string {
  const plain = toJsonSafe(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

/** Escapes the value of a label. */
export function escapeValue(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}

/** Escapes a description in the text format. */
export function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
