import { join } from 'node:path';
import { root } from './app-command.ts';
import { type Collector, type CollectorConfig, startCollector } from './collector.ts';
import { freePort } from './free-port.ts';

/** The Collector with the configuration that deploy/ gives it, on this machine. */
export interface DeployedCollector extends Collector {
  /** URL that Prometheus would scrape. */
  readonly metricsUrl: string;
}

/**
 * Starts it with its configuration as it is, but for the addresses and for what would be waited for.
 * @param jaegerUrl receives OTLP over HTTP instead of Jaeger
 * @param changes on top
 */
export async function startDeployedCollector(
  jaegerUrl: string,
  ...changes: readonly CollectorConfig[]
): Promise<DeployedCollector> {
  const metrics = `127.0.0.1:${await freePort()}`;
  const collector = await startCollector([
    join(root, 'deploy/collector.yaml'),
    {
      exporters: {
        'otlp_http/jaeger': { endpoint: jaegerUrl },
        prometheus: { endpoint: metrics },
      },
      extensions: { health_check: { endpoint: `127.0.0.1:${await freePort()}` } },
      connectors: { span_metrics: { metrics_flush_interval: '100ms' } },
      service: { telemetry: { metrics: { level: 'none' } } },
    },
    ...changes,
  ]);
  // Not spread: `output` is a getter.
  return Object.assign(collector, { metricsUrl: `http://${metrics}/metrics` });
}
