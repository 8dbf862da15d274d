import { join } from 'node:path';
import { root } from './app-command.ts';
import { type Collector, freePort, startCollector } from './collector.ts';

/** The Collector with the configuration that deploy/ gives it, on this machine. */
export interface DeployedCollector extends Collector {
  /** What Prometheus would scrape. */
  readonly metricsUrl: string;
}

/**
 * Starts it with its configuration as it is, but for the addresses and for what would be waited for.
 * @param jaegerUrl takes OTLP over HTTP in place of Jaeger
 * @param profiles files of deploy/ on top
 */
export async function startDeployedCollector(
  jaegerUrl: string,
  ...profiles: readonly string[]
): Promise<DeployedCollector> {
  const metrics = `127.0.0.1:${await freePort()}`;
  const collector = await startCollector([
    ...['collector.yaml', ...profiles].map((file) => join(root, 'deploy', file)),
    {
      exporters: {
        'otlp_http/jaeger': { endpoint: jaegerUrl },
        prometheus: { endpoint: metrics },
      },
      extensions: { health_check: { endpoint: `127.0.0.1:${await freePort()}` } },
      connectors: { span_metrics: { metrics_flush_interval: '100ms' } },
      service: { telemetry: { metrics: { level: 'none' } } },
    },
    ...(profiles.includes('tail-sampling.yaml')
      ? [{ processors: { tail_sampling: { decision_wait: '500ms' } } }]
      : []),
  ]);
  // Not spread: `output` is read when it is asked for.
  return Object.assign(collector, { metricsUrl: `http://${metrics}/metrics` });
}
