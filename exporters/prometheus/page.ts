import { diag } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { PointWithExemplars } from '../exporter.ts';
import { escapeHelp, escapeValue, formatLabels, type LabelSource } from './labels.ts';
import { type MetricType, translateName } from './metric-name.ts';
import type { PageFormat } from './negotiate-format.ts';
import { formatHistogram, formatNumber } from './samples.ts';

/** All metrics with the same name, whose scopes may differ. */
interface Family {
  readonly type: MetricType | 'info';
  readonly name: string;
  help: string;
  unit: string;
  /** Samples by their labels. A time series appears once. */
  readonly series: Map<string, readonly string[]>;
}

/** Suffixes of the names that a family occupies. The first one forms its name in comments. */
const SUFFIXES: Readonly<Record<PageFormat, Record<Family['type'], readonly string[]>>> = {
  text: {
    counter: ['_total'],
    gauge: [''],
    histogram: ['', '_bucket', '_sum', '_count'],
    info: ['_info'],
  },
  openmetrics: {
    counter: ['', '_total', '_created'],
    gauge: [''],
    histogram: ['', '_bucket', '_sum', '_count', '_created'],
    info: ['', '_info'],
  },
};

/**
 * Formats metrics as a page for Prometheus.
 *
 * Omits, with a warning, metrics that the formats cannot express: exponential histograms, deltas, and
 * metrics whose name belongs to a metric of another type.
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function formatPage(
  { resource, scopeMetrics }: ResourceMetrics,
  format: PageFormat,
): string {
  const families = new Map<string, Family>();
  const target = claimName(families, 'target', 'info', format);
  const attributes = Object.entries(resource.attributes);
  if (target && attributes.length > 0) {
    target.help = 'Target metadata';
    target.series.set('', [`target_info{${formatLabels(attributes)}} 1`]);
  }
  for (const { scope, metrics } of scopeMetrics) {
    const scopeLabels: LabelSource = [
      ['otel_scope_name', scope.name || undefined],
      ['otel_scope_version', scope.version || undefined],
      ['otel_scope_schema_url', scope.schemaUrl || undefined],
    ];
    for (const metric of metrics) {
      const problem = addMetric(families, metric, scopeLabels, format);
      if (problem) diag.warn(`Prometheus: the metric ${metric.descriptor.name} ${problem}`);
    }
  }
  const lines = [...new Set(families.values())].flatMap((family) => formatFamily(family, format));
  return [...lines, ...(format === 'openmetrics' ? ['# EOF'] : []), ''].join('\n');
}

/** Adds a metric to its family. @returns why the metric, or a part of it, is omitted */
function addMetric(
  families: Map<string, Family>,
  metric: MetricData,
  scopeLabels: LabelSource,
  format: PageFormat,
): string | undefined {
  const { name: ownName, unit: ownUnit, description } = metric.descriptor;
  const type = typeOf(metric);
  if (type === undefined)
    return 'is omitted: this format supports neither deltas nor exponential histograms';
  const isRatio = metric.dataPointType === DataPointType.GAUGE;
  const { name, unit } = translateName(ownName, ownUnit, type, isRatio);
  const family = claimName(families, name, type, format);
  if (family === undefined) return `is omitted: a metric of another type is named ${name}`;
  family.help ||= description;
  family.unit ||= unit;
  let problem: string | undefined;
  for (const { labels, samples } of seriesOf(metric, name, scopeLabels, format)) {
    if (samples.length === 0) problem = 'has a value that a counter cannot have';
    else if (family.series.has(labels)) problem = `has a time series twice under the name ${name}`;
    else family.series.set(labels, samples);
  }
  return problem;
}

/** Finds or creates a family. @returns undefined if the name belongs to another type */
function claimName(
  families: Map<string, Family>,
  name: string,
  type: Family['type'],
  format: PageFormat,
): Family | undefined {
  const claimed = SUFFIXES[format][type].map((suffix) => name + suffix);
  const owners = new Set(claimed.map((each) => families.get(each)));
  const [owner] = owners;
  if (owners.size === 1 && owner?.type === type && owner.name === name) return owner;
  if (owners.size > 1 || owner) return undefined;
  const family: Family = { type, name, help: '', unit: '', series: new Map() };
  for (const each of claimed) families.set(each, family);
  return family;
}

function typeOf(metric: MetricData): MetricType | undefined {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge';
  if (metric.aggregationTemporality !== AggregationTemporality.CUMULATIVE) return undefined;
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'gauge';
  return metric.dataPointType === DataPointType.HISTOGRAM ? 'histogram' : undefined;
}

function seriesOf(
  metric: MetricData,
  name: string,
  scopeLabels: LabelSource,
  format: PageFormat,
): { readonly labels: string; readonly samples: readonly string[] }[] {
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
      return metric.dataPoints.map(
        ({ attributes, value, exemplars }: PointWithExemplars<Histogram>) => {
          const labels = formatLabels([...Object.entries(attributes), ...scopeLabels], 'le');
          return { labels, samples: formatHistogram(name, labels, value, format, exemplars) };
        },
      );
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return [];
    default: {
      const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
      return metric.dataPoints.map(({ attributes, value }) => {
        const labels = formatLabels([...Object.entries(attributes), ...scopeLabels]);
        const sample = `${name}${isCounter ? '_total' : ''}{${labels}} ${formatNumber(value)}`;
        return { labels, samples: isCounter && !(value >= 0) ? [] : [sample] };
      });
    }
  }
}

function formatFamily({ type, name, help, unit, series }: Family, format: PageFormat): string[] {
  if (series.size === 0) return [];
  const isOpenMetrics = format === 'openmetrics';
  const title = name + SUFFIXES[format][type][0];
  return [
    ...(help ? [`# HELP ${title} ${isOpenMetrics ? escapeValue(help) : escapeHelp(help)}`] : []),
    `# TYPE ${title} ${type === 'info' && !isOpenMetrics ? 'gauge' : type}`,
    ...(unit && isOpenMetrics ? [`# UNIT ${title} ${unit}`] : []),
    ...[...series.values()].flat(),
  ];
}
