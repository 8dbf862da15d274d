import { randomUUID } from 'node:crypto';
import type { Resource } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Exporter } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../../settings/index.ts';
import { hostAndPort } from '../connect/index.ts';
import { atMost, type Deadline } from '../deadline.ts';
import type { FetchedDestination } from '../diagnosis.ts';
import { sanitize } from '../show.ts';
import { fetchPage, type MissingPage, type Page } from './fetch-page.ts';

const RESPONSE_TIMEOUT_MS = 3_000;
const HOST = 'OTEL_EXPORTER_PROMETHEUS_HOST';
const PORT = 'OTEL_EXPORTER_PROMETHEUS_PORT';
/** Hosts to connect to if a server listens on all addresses. */
const LOOPBACK_HOSTS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

type Finding = Omit<FetchedDestination, 'kind' | 'exporter'>;

/** Exposes a data point like the app, and scrapes it like Prometheus. Never rejects. */
export async function scrape(
  openMetricReader: NonNullable<Exporter['openMetricReader']>,
  settings: readonly EffectiveSetting[],
  resource: Resource,
  deadline: Deadline,
): Promise<Finding> {
  const url = metricsUrl(settings);
  const fetchMetrics = () => fetchPage(url, atMost(RESPONSE_TIMEOUT_MS, deadline));
  const fails = (because: string): Finding => ({
    url,
    shownBy: null,
    cause: { because, change: `Correct ${HOST} or ${PORT}.` },
  });
  let reader: IMetricReader;
  try {
    reader = await openMetricReader([]);
  } catch (error) {
    // While the app runs, it uses the port.
    if (isMetricsPage(await fetchMetrics())) return { url, shownBy: 'another', cause: null };
    return fails(sanitize((error as Error).message));
  }
  const id = randomUUID();
  const provider = new MeterProvider({ resource, readers: [reader] });
  provider.getMeter('doctor').createCounter('doctor.checks').add(1, { 'doctor.id': id });
  const reply = await fetchMetrics();
  await provider.shutdown().catch(() => {});
  if (isMetricsPage(reply) && reply.body.includes(id))
    return { url, shownBy: 'doctor', cause: null };
  const found = reply.kind === 'page' ? reply.status : reply.code;
  return fails(`the metrics cannot be fetched from ${url} (${found}).`);
}

function metricsUrl(settings: readonly EffectiveSetting[]): string {
  const read = (name: string) => settings.find((setting) => setting.name === name)?.value;
  const host = read(HOST) ?? 'localhost';
  return `http://${hostAndPort({ host: LOOPBACK_HOSTS[host] ?? host, port: Number(read(PORT) ?? 9464) })}/metrics`;
}

function isMetricsPage(reply: Page | MissingPage): reply is Page {
  return (
    reply.kind === 'page' && reply.status === 200 && reply.contentType.startsWith('text/plain')
  );
}
