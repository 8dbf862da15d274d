import { diag } from '@opentelemetry/api';
import { emptyResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  InstrumentType,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PageFormat } from '../../exporters/prometheus/negotiate-format.ts';
import { formatPage } from '../../exporters/prometheus/page.ts';

const TIMES = { startTime: [0, 0], endTime: [1, 0] } satisfies Partial<DataPoint<number>>;
const warn = vi.fn();

beforeEach(() => {
  warn.mockReset();
  const ignore = () => {};
  diag.setLogger({ error: ignore, warn, info: ignore, debug: ignore, verbose: ignore });
});
afterEach(() => diag.disable());

type Point<T> = readonly [attributes: Record<string, unknown>, value: T];

function points<T>(given: readonly Point<T>[]): DataPoint<T>[] {
  return given.map(([attributes, value]) => ({
    ...TIMES,
    attributes: attributes as DataPoint<T>['attributes'],
    value,
  }));
}

function describeMetric(name: string, unit = '', description = '') {
  return { name, unit, description, type: InstrumentType.COUNTER, valueType: 1, advice: {} };
}

function sum(name: string, unit: string, given: Point<number>[], isMonotonic = true): MetricData {
  return {
    descriptor: describeMetric(name, unit),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic,
    dataPoints: points(given),
  };
}

function gauge(name: string, unit: string, given: Point<number>[], description = ''): MetricData {
  return {
    descriptor: describeMetric(name, unit, description),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: points(given),
  };
}

function histogram(name: string, given: Point<Histogram>[]): MetricData {
  return {
    descriptor: describeMetric(name, 's'),
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: points(given),
  };
}

function pageOf(metrics: MetricData[], format: PageFormat = 'text', resource = emptyResource()) {
  return formatPage({ resource, scopeMetrics: [{ scope: { name: '' }, metrics }] }, format);
}

describe('names of metrics', () => {
  test.each([
    ['http.server.request.duration', 's', 'http_server_request_duration_seconds'],
    ['memory.usage', 'By', 'memory_usage_bytes'],
    ['memory.usage.bytes', 'By', 'memory_usage_bytes'],
    ['disk.size', 'MiBy', 'disk_size_mebibytes'],
    ['speed', 'm/s', 'speed_meters_per_second'],
    ['requests', '{request}/s', 'requests_per_second'],
    ['load', '1/min', 'load_per_minute'],
    ['queue.size', '{span}', 'queue_size'],
    ['heap', 'By{used}', 'heap_bytes'],
    ['cpu.utilization', '1', 'cpu_utilization_ratio'],
    ['temperature', 'Cel', 'temperature_celsius'],
    ['battery', '%', 'battery_percent'],
    ['request.milliseconds', 's', 'request_milliseconds_seconds'],
    ['odd', 'fur/[in_i]', 'odd_fur_per_in_i'],
    ['a..b--c/d', '', 'a_b_c_d'],
    ['1st', '', '_1st'],
    ['größe', '', 'gr_e'],
    ['constructor', 'constructor', 'constructor'],
  ])('the Prometheus name of the gauge %s with the unit "%s" is %s', (name, unit, expected) => {
    expect(pageOf([gauge(name, unit, [[{}, 1]])])).toBe(
      `# TYPE ${expected} gauge\n${expected}{} 1\n`,
    );
  });

  test.each([
    ['changes', '', 'changes_total'],
    ['changes.total', '{change}', 'changes_total'],
    ['process.cpu.time', 's', 'process_cpu_time_seconds_total'],
    ['process.cpu.time_total', 's', 'process_cpu_time_seconds_total'],
    ['parts', '1', 'parts_total'],
  ])('the Prometheus name of the counter %s with the unit "%s" is %s', (name, unit, expected) => {
    expect(pageOf([sum(name, unit, [[{}, 1]])])).toBe(
      `# TYPE ${expected} counter\n${expected}{} 1\n`,
    );
  });

  test('a non-monotonic sum is a Prometheus gauge without a suffix', () => {
    const page = pageOf([sum('active', '1', [[{}, -1]], false)]);
    expect(page).toBe('# TYPE active gauge\nactive{} -1\n');
  });

  test('OpenMetrics names counters without _total in comments, and their units', () => {
    expect(pageOf([sum('process.cpu.time', 's', [[{}, 2.5]])], 'openmetrics').split('\n')).toEqual([
      '# TYPE process_cpu_time_seconds counter',
      '# UNIT process_cpu_time_seconds seconds',
      'process_cpu_time_seconds_total{} 2.5',
      '# EOF',
      '',
    ]);
  });

  test('the Prometheus page omits a metric whose name has another type, with a warning', () => {
    const page = pageOf([
      histogram('wait', [[{}, { buckets: { boundaries: [], counts: [1] }, sum: 1, count: 1 }]]),
      gauge('wait', 's', [[{}, 1]]),
      gauge('wait.seconds.count', '', [[{}, 1]]),
      gauge('target.info', '', [[{}, 1]]),
    ]);
    expect(page.match(/^# TYPE .*$/gm)).toEqual(['# TYPE wait_seconds histogram']);
    expect(warn.mock.calls.flat()).toEqual([
      'Prometheus: the metric wait is omitted: a metric of another type is named wait_seconds',
      'Prometheus: the metric wait.seconds.count is omitted: a metric of another type is named wait_seconds_count',
      'Prometheus: the metric target.info is omitted: a metric of another type is named target_info',
    ]);
  });

  test('Prometheus metrics of the same name and type share their comments', () => {
    const metrics = [
      gauge('a.b', '', [[{ x: 1 }, 1]], 'First'),
      gauge('a_b', '', [[{ x: 2 }, 2]], 'Second'),
    ];
    expect(pageOf(metrics)).toBe(
      '# HELP a_b First\n# TYPE a_b gauge\na_b{x="1"} 1\na_b{x="2"} 2\n',
    );
  });

  test('the Prometheus page omits a duplicate time series, with a warning', () => {
    const metrics = [gauge('a.b', '', [[{}, 1]]), gauge('a_b', '', [[{}, 2]])];
    expect(pageOf(metrics)).toBe('# TYPE a_b gauge\na_b{} 1\n');
    expect(warn).toHaveBeenCalledWith(
      'Prometheus: the metric a_b has a time series twice under the name a_b',
    );
  });

  test('the Prometheus page omits exponential histograms and deltas, with a warning', () => {
    const delta = {
      ...sum('changes', '', [[{}, 1]]),
      aggregationTemporality: AggregationTemporality.DELTA,
    };
    const exponential = {
      ...histogram('wait', []),
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    } as MetricData;
    expect(pageOf([delta, exponential])).toBe('');
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe('labels', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ 'team.name': 'a', team_name: 'b' }, 'team_name="a;b"'],
    [{ team_name: 'b', 'team.name': 'a' }, 'team_name="a;b"'],
    [{ '1st': 'x' }, 'key_1st="x"'],
    [{ __name__: 'x' }, '_name_="x"'],
    [{ 'a..b': 'x', größe: 'y' }, 'a_b="x",gr_e="y"'],
    [{ é: 'x', '': 'y' }, '_="y;x"'],
    [{ text: 'a "quoted" \\ line\nend' }, 'text="a \\"quoted\\" \\\\ line\\nend"'],
    [
      { list: ['a', 'b'], flags: [true, false], nan: Number.NaN },
      'flags="[true,false]",list="[\\"a\\",\\"b\\"]",nan="NaN"',
    ],
    [{ none: undefined, zero: 0, no: false }, 'no="false",zero="0"'],
  ])('the attributes %j become the labels %s', (attributes, expected) => {
    expect(pageOf([gauge('a', '', [[attributes, 1]])])).toContain(`a{${expected}} 1\n`);
  });

  test('Prometheus labels include the scope, joined with attributes of the same name', () => {
    const scope = { name: 'test', version: '1', schemaUrl: 'https://example.com/1' };
    const metrics = [gauge('a', '', [[{ 'otel.scope.name': 'mine' }, 1]])];
    const page = formatPage(
      { resource: emptyResource(), scopeMetrics: [{ scope, metrics }] },
      'text',
    );
    expect(page).toContain(
      'a{otel_scope_name="mine;test",otel_scope_schema_url="https://example.com/1",otel_scope_version="1"} 1',
    );
  });

  test('an attribute cannot replace the bound of a Prometheus bucket', () => {
    const value = { buckets: { boundaries: [], counts: [1] }, sum: 1, count: 1 };
    const page = pageOf([histogram('wait', [[{ le: 'mine' }, value]])]);
    expect(page).toContain('wait_seconds_bucket{exported_le="mine",le="+Inf"} 1\n');
  });

  test('the Prometheus page has the resource as target_info', () => {
    const resource = resourceFromAttributes({ 'service.name': 'todo' });
    expect(pageOf([], 'text', resource)).toBe(
      '# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{service_name="todo"} 1\n',
    );
    expect(pageOf([], 'openmetrics', resource)).toBe(
      '# HELP target Target metadata\n# TYPE target info\ntarget_info{service_name="todo"} 1\n# EOF\n',
    );
  });
});

describe('values', () => {
  test.each([
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
    [1e21, '1e+21'],
    [0.1, '0.1'],
    [2 ** 53, '9007199254740992'],
  ])('the Prometheus page shows the value %d as %s', (value, expected) => {
    expect(pageOf([gauge('a', '', [[{}, value]])])).toContain(`a{} ${expected}\n`);
  });

  test.each([-1, Number.NaN])(
    'the Prometheus page omits a counter of %d, with a warning',
    (value) => {
      expect(
        pageOf([
          sum('a', '', [
            [{}, value],
            [{ x: 1 }, 1],
          ]),
        ]),
      ).toBe('# TYPE a_total counter\na_total{x="1"} 1\n');
      expect(warn).toHaveBeenCalledWith(
        'Prometheus: the metric a has a value that a counter cannot have',
      );
    },
  );

  test('Prometheus buckets are cumulative, with bounds formatted like in Go', () => {
    const boundaries = [0, 0.00005, 0.005, 1, 2.5, 10, 1e6, 12345678];
    const buckets = { boundaries, counts: [1, 1, 1, 1, 1, 1, 1, 1, 1] };
    const page = pageOf([histogram('wait', [[{ a: 'b' }, { buckets, sum: 3.5, count: 9 }]])]);
    const bounds = [...page.matchAll(/le="(.*)"\} (\d)$/gm)].map(([, bound, count]) => [
      bound,
      count,
    ]);
    expect(bounds).toEqual([
      ['0.0', '1'],
      ['5e-05', '2'],
      ['0.005', '3'],
      ['1.0', '4'],
      ['2.5', '5'],
      ['10.0', '6'],
      ['1e+06', '7'],
      ['1.2345678e+07', '8'],
      ['+Inf', '9'],
    ]);
    expect(page).toContain('wait_seconds_sum{a="b"} 3.5\nwait_seconds_count{a="b"} 9\n');
  });

  test.each([
    ['without a sum', [1], undefined],
    ['with negative bounds', [-1], 1],
  ])('OpenMetrics has only the buckets of a histogram %s', (_, boundaries, total) => {
    const value = { buckets: { boundaries, counts: [1, 1] }, sum: total, count: 2 };
    expect(pageOf([histogram('wait', [[{}, value as Histogram]])], 'openmetrics')).not.toMatch(
      /_sum|_count/,
    );
    expect(pageOf([histogram('wait', [[{}, value as Histogram]])])).toContain(
      'wait_seconds_count{} 2',
    );
  });

  test('the Prometheus page escapes descriptions', () => {
    const metrics = [gauge('a', '', [[{}, 1]], 'a "b" \\ c\nd')];
    expect(pageOf(metrics)).toContain('# HELP a a "b" \\\\ c\\nd\n');
    expect(pageOf(metrics, 'openmetrics')).toContain('# HELP a a \\"b\\" \\\\ c\\nd\n');
  });
});
