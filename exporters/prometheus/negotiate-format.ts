/** Prometheus's text format 0.0.4, or OpenMetrics 1.0.0. */
export type PageFormat = 'text' | 'openmetrics';

const OPENMETRICS = 'application/openmetrics-text';

/** Media types of the formats. `escaping=underscores` is correct: all names are valid in any version. */
export const CONTENT_TYPES: Readonly<Record<PageFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: `${OPENMETRICS}; version=1.0.0; charset=utf-8; escaping=underscores`,
};

/**
 * Chooses the format that an `Accept` header prefers.
 *
 * Clients that name OpenMetrics get it. All others get text, even those that accept neither.
 * @see https://prometheus.io/docs/instrumenting/content_negotiation/
 */
export function negotiateFormat(accept = ''): PageFormat {
  const qualities: Record<PageFormat, number> = { text: 0, openmetrics: 0 };
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const value = (name: string) =>
      parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
    const version = value('version')?.replaceAll('"', '');
    const quality = Number(value('q') ?? 1) || 0;
    if (type === OPENMETRICS && (version ?? '1.0.0') === '1.0.0') {
      qualities.openmetrics = Math.max(qualities.openmetrics, quality);
    } else if (['text/plain', 'text/*', '*/*'].includes(type) && (version ?? '0.0.4') === '0.0.4') {
      qualities.text = Math.max(qualities.text, quality);
    }
  }
  return qualities.openmetrics > 0 && qualities.openmetrics >= qualities.text
    ? 'openmetrics'
    : 'text';
}
