import type { TraceStore } from '../../store/index.ts';
import { attr, esc } from '../page/index.ts';
import { searchUrl, type TraceFilter } from './trace-filter.ts';

type Options = readonly (readonly [value: string, text: string])[];

const LOOKBACKS: Options = [
  ['', 'All time'],
  ['5m', 'Last 5 minutes'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['1d', 'Last day'],
];
const STATUSES: Options = [
  ['', 'Any status'],
  ['error', 'With errors'],
  ['ok', 'Without errors'],
  ['200', 'HTTP 200'],
  ['303', 'HTTP 303'],
  ['404', 'HTTP 404'],
  ['500', 'HTTP 500'],
];

/**
 * Renders the search form, which works without script; its fields are the URL's.
 * @param names of spans to suggest while no service is chosen
 */
export function renderSearchForm(
  filter: TraceFilter,
  store: TraceStore,
  names: Iterable<string>,
): string {
  const services = store.services();
  const { service } = filter;
  const operations = new Set(service ? store.operations(service).map(({ name }) => name) : names);
  const serviceOptions: Options = [['', 'All services'], ...services.map((s) => [s, s] as const)];
  const hidden = (['start', 'end', 'sort'] as const)
    .filter((field) => filter[field])
    .map((field) => `<input type="hidden" name="${field}" value="${esc(filter[field])}">`);
  return `<form class="search" id="search" action="/search" role="search" aria-label="Traces">
${field('text', 'Text', filter.text, 'Any text in a span or log', 'grow', ' data-search')}
${select('service', 'Service', serviceOptions, filter.service)}
${field('operation', 'Operation', filter.operation, 'GET /tasks', '', ' list="operations"')}
<datalist id="operations">${[...operations].slice(0, 200).map(option).join('')}</datalist>
${field('tags', 'Tags', filter.tags, 'url.path=/add key="a b"', 'grow', '')}
${field('minDuration', 'Min duration', filter.minDuration, '100ms', 'short', '')}
${field('maxDuration', 'Max duration', filter.maxDuration, '1.2s', 'short', '')}
${select('status', 'Status', STATUSES, filter.status)}
${select('lookback', 'Time', LOOKBACKS, filter.lookback)}
${hidden.join('')}<p class="go"><button class="primary">Find</button><a href="/">Reset</a></p></form>${renderSelection(filter)}`;
}

/** Renders a selected time range, which has no field in the form, and a link that drops it. */
function renderSelection(filter: TraceFilter): string {
  if (!filter.start && !filter.end) return '';
  const url = searchUrl(filter, { start: '', end: '' });
  return `<p class="selection">Only the selected time range. <a href="${esc(url)}">Show all times</a></p>`;
}

function field(
  name: string,
  label: string,
  value: string,
  placeholder: string,
  style: string,
  more: string,
): string {
  return `<label${attr('class', style || undefined)}><span>${label}</span><input name="${name}" value="${esc(value)}" placeholder="${esc(placeholder)}" autocomplete="off" spellcheck="false"${more}></label>`;
}

function select(name: string, label: string, options: Options, value: string): string {
  // A value from a link, such as `lookback=2h`, must survive the next search.
  const isKnown = options.some(([key]) => key === value);
  const html = [...options, ...(isKnown ? [] : [[value, value] as const])].map(
    ([key, text]) =>
      `<option value="${esc(key)}"${attr('selected', key === value)}>${esc(text)}</option>`,
  );
  return `<label><span>${label}</span><select name="${name}">${html.join('')}</select></label>`;
}

function option(value: string): string {
  return `<option value="${esc(value)}">`;
}
