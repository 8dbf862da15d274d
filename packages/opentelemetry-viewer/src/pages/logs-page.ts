import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type LogQuery, millisOf, serviceOf, type TraceStore, valueText } from '../store/index.ts';
import {
  attr,
  esc,
  escLines,
  formatCount,
  formatIso,
  formatTime,
  renderLayout,
  shorten,
} from './page/index.ts';
import { logSeverity, logText, serviceClass } from './spans/index.ts';
import { traceUrl } from './trace/index.ts';

/** The fields of the form for log records. */
export interface LogFilter {
  readonly text: string;
  readonly service: string;
  readonly severity: string;
  readonly trace: string;
  readonly limit: string;
}

const SEVERITY_NUMBERS = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const;
const DEFAULT_LOG_LIMIT = 200;
const MAX_LIMIT = 2_000;

export function readLogFilter(params: URLSearchParams): LogFilter {
  const read = (name: string) => (params.get(name) ?? '').slice(0, 2_000).trim();
  return {
    text: read('text'),
    service: read('service'),
    severity: read('severity'),
    trace: read('trace'),
    limit: read('limit'),
  };
}

export function toLogQuery({ text, service, severity, trace, limit }: LogFilter): LogQuery {
  const known = Object.entries(SEVERITY_NUMBERS).find(([name]) => name === severity);
  return {
    text: text || undefined,
    service: service || undefined,
    minSeverity: known?.[1],
    traceId: /^[0-9a-f]{32}$/i.test(trace) ? trace.toLowerCase() : undefined,
    limit: Math.min(MAX_LIMIT, Number.parseInt(limit, 10) || DEFAULT_LOG_LIMIT),
  };
}

export function renderLogsPage(store: TraceStore, filter: LogFilter): string {
  const records = store.findLogs(toLogQuery(filter));
  const severities = ['', ...Object.keys(SEVERITY_NUMBERS)].map(
    (name) =>
      `<option value="${name}"${attr('selected', name === filter.severity)}>${name === '' ? 'Any severity' : `${name.toUpperCase()} and above`}</option>`,
  );
  const services = ['', ...store.services()].map(
    (name) =>
      `<option value="${esc(name)}"${attr('selected', name === filter.service)}>${esc(name || 'All services')}</option>`,
  );
  const kept = store.stats().logs;
  const nothing = kept === 0 ? 'No log records have arrived.' : 'No log records match.';
  const main = `<h1 class="unseen">Logs</h1><form class="search" action="/logs" role="search" aria-label="Log records">
<label class="grow"><span>Text</span><input name="text" value="${esc(filter.text)}" data-search autocomplete="off" spellcheck="false"></label>
<label><span>Severity</span><select name="severity">${severities.join('')}</select></label>
<label><span>Service</span><select name="service">${services.join('')}</select></label>
<label><span>Trace ID</span><input name="trace" value="${esc(filter.trace)}" autocomplete="off" spellcheck="false"></label>
<p class="go"><button class="primary">Find</button><a href="/logs">Reset</a></p></form>
<div id="results"><div class="bar"><p id="total" role="status"><strong>${formatCount(records.length, 'log record')}</strong> shown, newest first · ${formatCount(kept, 'record')} kept</p><p class="actions"><button type="button" id="pause" class="scripted" aria-pressed="false">Pause</button></p></div>
${records.length === 0 ? `<div class="empty"><p>${nothing}</p></div>` : `<table class="logs"><thead><tr><th scope="col">Time</th><th scope="col">Severity</th><th scope="col">Message</th><th scope="col">Trace</th></tr></thead><tbody>${records.map(renderRecord).join('\n')}</tbody></table>`}</div>`;
  return renderLayout({ title: 'Logs', section: 'logs', main, live: 'all' });
}

function renderRecord(record: ReadableLogRecord): string {
  const severity = logSeverity(record);
  const time = millisOf(record.hrTime);
  const service = serviceOf(record);
  const attributes = Object.entries(record.attributes)
    .slice(0, 40)
    .map(([key, value]) => `${key}=${shorten(valueText(value), 300)}`);
  const { traceId, spanId } = record.spanContext ?? {};
  return `<tr class="${severity.toLowerCase()}"><td class="time"><time datetime="${formatIso(time)}">${formatTime(time)}</time></td><td><span class="severity ${severity.toLowerCase()}">${esc(severity)}</span></td><td class="name"><i class="dot ${serviceClass(service)}"></i>${escLines(shorten(logText(record)))} <small>${esc(attributes.join('  '))}</small></td><td>${traceId ? `<a href="${esc(traceUrl(traceId, {}, { span: spanId ?? '' }))}" aria-label="Trace ${esc(traceId.slice(0, 8))}"><code>${esc(traceId.slice(0, 8))}</code></a>` : ''}</td></tr>`;
}
