import { randomUUID } from 'node:crypto';
import type { Resource } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Exporter } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../../settings/effective-settings.ts';
import { hostAndPort } from '../connect/endpoint.ts';
import { atMost, type Deadline } from '../deadline.ts';
import type { FetchedDestination } from '../diagnosis.ts';
import { showForeign } from '../show.ts';
import { exchange } from './ask-http.ts';
import type { HttpReply, Reply } from './reply.ts';

/** Milliseconds for a page of this machine's own. */
const PAGE = 3_000;
const HOST = 'OTEL_EXPORTER_PROMETHEUS_HOST';
const PORT = 'OTEL_EXPORTER_PROMETHEUS_PORT';
/** Addresses to listen on that nobody can ask everywhere, and where to ask in their place. */
const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

type Finding = Omit<FetchedDestination, 'kind' | 'exporter'>;

/** Shows a data point to Prometheus as the app would, and fetches it as Prometheus would. Never rejects. */
export async function scrape(
  openMetricReader: NonNullable<Exporter['openMetricReader']>,
  settings: readonly EffectiveSetting[],
  resource: Resource,
  deadline: Deadline,
): Promise<Finding> {
  const url = pageOf(settings);
  const fetchPage = () => exchange({ url, method: 'GET' }, atMost(PAGE, deadline));
  const fails = (because: string): Finding => ({
    url,
    shownBy: null,
    cause: { because, change: `Correct ${HOST} or ${PORT}.` },
  });
  let reader: IMetricReader;
  try {
    reader = await openMetricReader([]);
  } catch (error) {
    // Beside the app the doctor finds the port taken, by the app.
    if (isPage(await fetchPage())) return { url, shownBy: 'another', cause: null };
    return fails(showForeign((error as Error).message));
  }
  const id = randomUUID();
  const provider = new MeterProvider({ resource, readers: [reader] });
  provider.getMeter('doctor').createCounter('doctor.checks').add(1, { 'doctor.id': id });
  const reply = await fetchPage();
  await provider.shutdown().catch(() => {});
  if (isPage(reply) && reply.body.includes(id)) return { url, shownBy: 'doctor', cause: null };
  const found = reply.kind === 'http' ? reply.status : 'code' in reply ? reply.code : reply.kind;
  return fails(`what is measured cannot be fetched from ${url} (${found}).`);
}

function pageOf(settings: readonly EffectiveSetting[]): string {
  const read = (name: string) => settings.find((setting) => setting.name === name)?.value;
  const host = read(HOST) ?? 'localhost';
  return `http://${hostAndPort({ host: ANY[host] ?? host, port: Number(read(PORT) ?? 9464) })}/metrics`;
}

function isPage(reply: Reply): reply is HttpReply {
  return (
    reply.kind === 'http' && reply.status === 200 && reply.contentType.startsWith('text/plain')
  );
}
