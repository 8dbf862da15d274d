import type { Signal } from 'opentelemetry-instrument-exporters';
import type { Destination, Diagnosis, FetchedDestination, SignalDiagnosis } from './diagnosis.ts';

import {
  createPage,
  type ReportPage,
  reportConnection,
  reportSendOutcome,
} from './report/index.ts';

type Head = Pick<Diagnosis, 'version' | 'settings' | 'problems' | 'runtime'>;

/** Formats the parts of a diagnosis, in the order in which they become known. */
export interface Report {
  start(head: Head): string;
  signal(signal: Signal, diagnosis: SignalDiagnosis): string;
  conclusion(diagnosis: Diagnosis): string;
}

/** Creates the report of a diagnosis. */
export function createReport(colors: boolean): Report {
  const page = createPage(colors);
  /** Connections that were reported, and their signals. */
  const shown = new Map<string, Signal>();
  return {
    start: (head) =>
      page.paragraph(`OpenTelemetry doctor ${head.version}: does telemetry arrive?`) +
      reportSettings(head, page) +
      reportRuntime(head, page),
    signal: (signal, { destinations, verdict }) =>
      destinations.length === 0
        ? page.heading(signal) +
          page.item('note', `off. ${verdict.kind === 'off' ? verdict.change : ''}`)
        : destinations.map((each) => reportDestination(signal, each, shown, page)).join(''),
    conclusion: (diagnosis) => reportConclusion(diagnosis, page),
  };
}

function reportSettings({ settings, problems }: Head, page: ReportPage): string {
  const written = settings.filter(({ origin }) => origin !== 'default');
  return [
    page.heading('settings'),
    ...written.map(({ name, value, origin }) => page.item('none', `${name}=${value} (${origin})`)),
    page.item('none', `${written.length > 0 ? 'all others' : 'all settings'} have their defaults`),
    ...problems.map((problem) => page.item('note', problem)),
  ].join('');
}

function reportRuntime({ runtime }: Head, page: ReportPage): string {
  const { name, version, apiVersion, sdkVersion, registered, registeredApiVersion } = runtime;
  const versions = `${name} ${version}, @opentelemetry/api ${apiVersion}, SDK ${sdkVersion}`;
  const others =
    registered.length > 0
      ? page.item('bad', `another SDK is registered: ${registered.join(', ')}`)
      : registeredApiVersion !== null && registeredApiVersion !== apiVersion
        ? page.item('bad', `another @opentelemetry/api is registered: ${registeredApiVersion}`)
        : page.item('ok', 'no other SDK or copy of the API is registered');
  const own = `${name} exports its own telemetry (OTEL_DENO), and the app's exporters are off; the doctor uses them nevertheless`;
  return (
    page.heading('runtime') +
    page.item('ok', versions) +
    (runtime.hasOwnTelemetry ? page.item('note', own) : others)
  );
}

function reportDestination(
  signal: Signal,
  destination: Destination,
  shown: Map<string, Signal>,
  page: ReportPage,
): string {
  const { exporter } = destination;
  const heading = `${signal} to ${exporter}`;
  switch (destination.kind) {
    case 'output':
      return page.heading(heading) + page.item('ok', `written to ${destination.to}`);
    case 'unchecked':
      return page.heading(heading) + page.item('note', `${destination.to}: not checked`);
    case 'fetched':
      return page.heading(heading) + page.url(destination.url) + reportFetched(destination, page);
    case 'unavailable':
      return page.heading(heading) + page.item('bad', destination.cause.because);
  }
  const { protocol, url, connection } = destination;
  const way = reportConnection(connection, page);
  const before = shown.get(way);
  if (before === undefined) shown.set(way, signal);
  return (
    page.heading(`${heading} over ${protocol}`) +
    page.url(url) +
    (before === undefined ? way : page.item('none', `the same connection as for ${before}`)) +
    reportSendOutcome(destination, page)
  );
}

function reportFetched({ shownBy, cause }: FetchedDestination, page: ReportPage): string {
  const unknown = 'whether Prometheus scrapes them is not checked';
  if (shownBy === 'doctor') {
    return page.item('ok', 'the metrics can be fetched') + page.item('note', unknown);
  }
  if (shownBy === 'another') {
    return page.item('note', `a running program exposes metrics there; ${unknown}`);
  }
  return page.item('bad', cause?.because ?? 'the metrics cannot be fetched');
}

function reportConclusion({ signals }: Diagnosis, page: ReportPage): string {
  /** Signals by problem and by remedy, so that each is reported once. */
  const problems = new Map<string, string[]>();
  const changes = new Map<string, string[]>();
  const group = (groups: Map<string, string[]>, key: string, signal: string) =>
    groups.set(key, [...(groups.get(key) ?? []), signal]);
  const verdicts = Object.entries(signals).map(([signal, { verdict }]) => {
    if (verdict.kind === 'arrives') return page.item('ok', `${signal}: arrive`);
    if (verdict.kind === 'off') return page.item('note', `${signal}: off`);
    group(problems, verdict.because, signal);
    group(changes, verdict.change, signal);
    return '';
  });
  const failures = [...problems].map(([because, affected]) =>
    page.item('bad', `${affected.join(', ')}: do not arrive: ${because}`),
  );
  const advice = [...changes].map(([change, affected], index) => {
    const first = index === 0 ? 'Change first' : 'Then';
    return `\n${page.paragraph(`${first} (${affected.join(', ')}): ${change}`)}`;
  });
  return page.heading('verdict') + verdicts.join('') + failures.join('') + advice.join('');
}
