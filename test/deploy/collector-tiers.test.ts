import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { currentRuntime, root } from '../support/app-command.ts';
import { type CollectorConfig, startCollector, validateConfig } from '../support/collector.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { freePort } from '../support/free-port.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { readRepositoryFile } from '../support/repository-files.ts';

interface Configuration {
  readonly processors: Readonly<Record<string, unknown>>;
  readonly connectors?: Readonly<Record<string, unknown>>;
  readonly exporters: Readonly<Record<string, unknown>>;
  readonly service: {
    readonly pipelines: Readonly<Record<string, { readonly exporters: readonly string[] }>>;
  };
}

interface Values {
  readonly image: { readonly repository: string; readonly tag: string };
  readonly configMap?: { readonly existingName: string };
  readonly fullnameOverride: string;
  readonly replicaCount?: number;
  readonly service?: { readonly clusterIP: string };
  readonly extraEnvs: readonly { readonly name: string; readonly value?: string }[];
  readonly alternateConfig?: CollectorConfig & Configuration;
}

const VALUES = ['agent', 'gateway', 'sampler'] as const;
const VARIABLES = {
  KAFKA_BROKERS: '[kafka:9092]',
  SAMPLER_NAME: 'sampler-1',
  SAMPLERS: 'static: { hostnames: [sampler-1:4317, sampler-2:4317] }',
  METRICS_URL: 'http://prometheus:9090/api/v1/otlp',
  TRACES_URL: 'http://jaeger:4318',
  LOGS_URL: 'http://logs:4318/v1/logs',
  MY_POD_IP: '10.1.2.3',
};

const readYaml = <T>(path: string): T => parse(readRepositoryFile(path), { merge: true });
const readConfig = (path: string) => readYaml<Configuration>(`deploy/${path}`);
const readValues = (name: string) =>
  readYaml<Values>(`deploy/kubernetes/collectors/${name}.values.yaml`);

const reason =
  currentRuntime === 'node'
    ? collectorIsMissing
    : 'no runtime of ours takes part: it is run once, on Node';
if (reason) test('the tiers of Collectors', ({ skip }) => skip(reason));
else describe('the tiers of Collectors', testTiers);

function testTiers(): void {
  beforeAll(getCollector, COLLECTOR_BUILD_TIMEOUT_MS);

  test.each(['gateway/sampler', 'kafka/gateway', 'kafka/sampler'])(
    'deploy/%s.yaml is accepted by the Collector',
    async (name) => {
      expect(await validateConfig([join(root, `deploy/${name}.yaml`)], VARIABLES)).toBe('');
    },
  );

  test('deploy/gateway/gateway.yaml is accepted with another exporter, because the Collector of the tests lacks load_balancing', async () => {
    const config = readConfig('gateway/gateway.yaml');
    const { load_balancing: _, ...exporters } = config.exporters;
    const traces = config.service.pipelines.traces ?? { exporters: [] };
    expect(traces.exporters).toEqual(['span_metrics', 'load_balancing']);
    const replaced = {
      ...config,
      exporters,
      service: {
        ...config.service,
        pipelines: {
          ...config.service.pipelines,
          traces: { ...traces, exporters: ['span_metrics', 'debug'] },
        },
      },
    };
    expect(await validateConfig([replaced], VARIABLES)).toBe('');
  });

  test('all of them share their processors with collector.yaml and tail-sampling.yaml', () => {
    const base = readConfig('collector.yaml');
    for (const folder of ['gateway', 'kafka']) {
      const gateway = readConfig(`${folder}/gateway.yaml`);
      expect(gateway.processors).toEqual(base.processors);
      expect(gateway.connectors).toEqual(base.connectors);
    }
    const { tail_sampling: sampling, ...others } = readConfig('gateway/sampler.yaml').processors;
    const { redaction: _, ...unredacted } = base.processors;
    expect(others).toEqual(unredacted);
    expect(readConfig('kafka/sampler.yaml').processors).toEqual({
      ...others,
      tail_sampling: sampling,
    });
    const single = readConfig('tail-sampling.yaml').processors.tail_sampling as {
      policies: unknown[];
    };
    expect((sampling as typeof single).policies.slice(0, 2)).toEqual(single.policies.slice(0, 2));
  });

  test('a sampler keeps errors, and the share of the others that SAMPLING_PERCENTAGE sets', async () => {
    await using sink = await startOtlpSink();
    const start = async (percentage: string) =>
      startCollector(
        [
          join(root, 'deploy/gateway/sampler.yaml'),
          {
            receivers: { otlp: { protocols: { http: {} } } },
            processors: { tail_sampling: { decision_wait: '100ms' } },
            extensions: { health_check: { endpoint: `127.0.0.1:${await freePort()}` } },
            service: { telemetry: { metrics: { level: 'none', readers: [] } } },
          },
        ],
        undefined,
        { TRACES_URL: sink.url, SAMPLING_PERCENTAGE: percentage },
      );
    for (const [percentage, kept] of [
      ['0', 1],
      ['100', 2],
    ] as const) {
      await using sampler = await start(percentage);
      const before = sink.spans.length;
      for (const code of [0, 2]) await sendSpan(sampler.urls.http, code);
      await sampler.stop();
      expect(sink.spans.length - before).toBe(kept);
    }
  });

  test.each(VALUES)('the values of the %s name an image and a configuration that exist', (name) => {
    const { image, configMap, fullnameOverride, extraEnvs, alternateConfig } = readValues(name);
    const version = /^ {2}version: (\S+)$/m.exec(
      readRepositoryFile('test/support/collector-manifest.yaml'),
    )?.[1];
    expect(`${image.repository}:${image.tag}`).toBe(
      `otel/opentelemetry-collector-contrib:${version}`,
    );
    expect(fullnameOverride).toBe(name);
    const files =
      alternateConfig === undefined
        ? ['gateway', 'kafka'].map((folder) => readRepositoryFile(`deploy/${folder}/${name}.yaml`))
        : [JSON.stringify(alternateConfig)];
    if (alternateConfig === undefined) expect(configMap?.existingName).toBe(name);
    const set = ['MY_POD_IP', ...extraEnvs.map((each) => each.name)];
    for (const text of files) {
      const read = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, variable]) => variable);
      expect(set).toEqual(expect.arrayContaining(read));
    }
  });

  test('the gateways list every sampler by its name', () => {
    const { replicaCount, fullnameOverride: name, service } = readValues('sampler');
    const samplers = readValues('gateway').extraEnvs.find(({ name }) => name === 'SAMPLERS');
    const { static: list } = parse(samplers?.value ?? '');
    const hostnames = Array.from(
      { length: replicaCount ?? 0 },
      (_, i) => `${name}-${i}.${name}:4317`,
    );
    expect(list).toEqual({ hostnames });
    expect(hostnames.length).toBeGreaterThan(1);
    expect(service?.clusterIP).toBe('None');
  });

  test.each(VALUES)('the values of the %s harden its pods', (name) => {
    expect(readValues(name)).toMatchObject({
      podSecurityContext: {
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: {
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      },
    });
  });

  test('the configuration of the agent is accepted by the Collector', async () => {
    const { alternateConfig } = readValues('agent');
    expect(await validateConfig([alternateConfig ?? ''], VARIABLES)).toBe('');
  });
}

/** Sends a span of a new trace with a status. */
async function sendSpan(url: string, code: number): Promise<void> {
  const now = `${Date.now()}000000`;
  const span = {
    traceId: crypto.randomUUID().replaceAll('-', ''),
    spanId: crypto.randomUUID().replaceAll('-', '').slice(16),
    name: 'GET /',
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    status: { code },
  };
  const { status } = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(status).toBe(200);
}
