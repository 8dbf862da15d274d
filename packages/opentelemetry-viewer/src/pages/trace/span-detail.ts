import { millisOf, valueText } from '../../store/index.ts';
import { attr, esc, escLines, formatMillis, formatTime, shorten } from '../page/index.ts';
import { formatTags, searchUrl } from '../search/index.ts';
import {
  kindName,
  logSeverity,
  logText,
  type SpanNode,
  spanProblem,
  sqlText,
} from '../spans/index.ts';
import { type TraceModel, traceUrl } from './trace-view.ts';

const MAX_ATTRIBUTES = 256;
const MAX_EVENTS = 100;
/** A URL has no room for longer values. A search for their beginning finds them as well. */
const MAX_TAG_LENGTH = 500;

/** Renders everything about one span. The script loads it alone and opens it in place. */
export function renderSpanDetail(node: SpanNode, { trace, waterfall, view }: TraceModel): string {
  const { span, id, service, start, duration, self, parent, children } = node;
  const problem = spanProblem(span);
  const sql = sqlText(span);
  const facts = [
    ['Service', esc(service)],
    ['Kind', kindName(span)],
    ['Start', `+${formatMillis(start - waterfall.start)} · ${formatTime(start)}`],
    ['Duration', formatMillis(duration)],
    ...(children.length > 0 ? [['Self', formatMillis(self)]] : []),
    ['Span ID', `<code class="copy">${esc(id)}</code>`],
    ...(parent
      ? [
          [
            'Parent',
            `<a href="${esc(traceUrl(trace.traceId, view, { span: parent.id, row: '' }))}">${esc(shorten(parent.span.name, 80))}</a>`,
          ],
        ]
      : []),
    ['Scope', esc(`${span.instrumentationScope.name} ${span.instrumentationScope.version ?? ''}`)],
  ];
  const dropped = span.droppedAttributesCount + span.droppedEventsCount + span.droppedLinksCount;
  return `<dl class="facts">${facts.map(([term, html]) => `<div><dt>${term}</dt><dd>${html}</dd></div>`).join('')}</dl>
${problem ? `<p class="problem">${esc(shorten(problem))}</p>` : ''}
${sql ? `<section><h2>Statement</h2><pre class="copy sql" tabindex="0">${escLines(shorten(layOutSql(sql)))}</pre></section>` : ''}
${problem ? renderEvents(node) : ''}${renderAttributes('Attributes', span.attributes, true)}${dropped > 0 ? `<p class="hint">${dropped} attributes, events or links were dropped by a limit.</p>` : ''}
${problem ? '' : renderEvents(node)}${renderLinks(node)}${renderLogs(node, trace.logs)}
<details><summary>Resource (${Object.keys(span.resource.attributes).length})</summary>${renderAttributes('Resource', span.resource.attributes, false)}</details>`;
}

function renderAttributes(
  title: string,
  attributes: object | undefined,
  hasHeading: boolean,
): string {
  const entries = Object.entries(attributes ?? {});
  if (entries.length === 0) return '';
  const rows = entries.slice(0, MAX_ATTRIBUTES).map(([key, value]) => renderAttribute(key, value));
  const more =
    entries.length > MAX_ATTRIBUTES
      ? `<p class="hint">${entries.length - MAX_ATTRIBUTES} more attributes</p>`
      : '';
  return `<section>${hasHeading ? `<h2>${title}</h2>` : ''}<table class="attributes" aria-label="${title}"><tbody>${rows.join('')}</tbody></table>${more}</section>`;
}

function renderAttribute(key: string, value: unknown): string {
  const text = valueText(value);
  const url =
    text.length > MAX_TAG_LENGTH
      ? searchUrl({ text: text.slice(0, MAX_TAG_LENGTH) })
      : searchUrl({ tags: formatTags([{ key, value: text }]) });
  return `<tr><th scope="row">${esc(shorten(key, 200))}</th><td${attr('class', typeof value === 'number' ? 'copy number' : 'copy')}>${escLines(shorten(text))}</td><td class="by"><a href="${esc(url)}" aria-label="filter by this: ${esc(shorten(key, 60))}">filter<span class="wide"> by this</span></a></td></tr>`;
}

function renderEvents({ span, start }: SpanNode): string {
  if (span.events.length === 0) return '';
  const items = span.events.slice(0, MAX_EVENTS).map(({ name, time, attributes = {} }) => {
    const { 'exception.stacktrace': stack, ...rest } = attributes;
    const isException = name === 'exception';
    return `<li${attr('class', isException && 'failed')}><b${attr('class', isException && 'bad')}>${esc(shorten(name, 200))}</b> <span class="num">+${formatMillis(millisOf(time) - start)}</span>${renderAttributes(`Event ${name}`.slice(0, 80).replace(/[^\w .-]/g, ' '), rest, false)}${stack ? `<pre class="copy" tabindex="0">${escLines(shorten(valueText(stack)))}</pre>` : ''}</li>`;
  });
  const more = span.events.length - MAX_EVENTS;
  return `<section><h2>Events</h2><ul class="events">${items.join('')}</ul>${more > 0 ? `<p class="hint">${more} more events</p>` : ''}</section>`;
}

function renderLinks({ span }: SpanNode): string {
  if (span.links.length === 0) return '';
  const items = span.links
    .slice(0, MAX_EVENTS)
    .map(({ context: { traceId, spanId }, attributes }) => {
      const href = traceUrl(traceId, {}, { span: spanId });
      return `<li><a href="${esc(href)}">Trace ${esc(traceId.slice(0, 8))}…, span ${esc(spanId)}</a>${renderAttributes('Link', attributes, false)}</li>`;
    });
  return `<section><h2>Links</h2><ul class="events">${items.join('')}</ul></section>`;
}

function renderLogs({ id, start }: SpanNode, logs: TraceModel['trace']['logs']): string {
  const own = logs.filter(({ spanContext }) => spanContext?.spanId === id).slice(0, MAX_EVENTS);
  if (own.length === 0) return '';
  const items = own.map((record) => {
    const severity = logSeverity(record);
    return `<li><span class="severity ${severity.toLowerCase()}">${severity}</span> ${esc(shorten(logText(record)))} <span class="num">+${formatMillis(millisOf(record.hrTime) - start)}</span>${renderAttributes('Log record', record.attributes, false)}</li>`;
  });
  return `<section><h2>Log records</h2><ul class="events">${items.join('')}</ul></section>`;
}

// Strings, quoted names, comments and words of a statement; everything else is one character.
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*(?:`|$)|--[^\n]*|\/\*[^*]*(?:\*\/|$)|\w+|\s+|./gs;
const CLAUSE =
  /^(?:FROM|WHERE|GROUP|ORDER|HAVING|LIMIT|OFFSET|RETURNING|SET|VALUES|UNION|LEFT|RIGHT|INNER|CROSS|JOIN|ON)$/i;
const JOINED = /^(?:LEFT|RIGHT|INNER|CROSS|OUTER)$/i;
const MAX_LENGTH = 20_000;

/** Starts a new line before each clause of a statement; text within quotes and brackets stays. */
export function layOutSql(sql: string): string {
  if (sql.length > MAX_LENGTH || sql.includes('\n')) return sql;
  let depth = 0;
  let previous = '';
  let text = '';
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === '(') depth += 1;
    if (token === ')') depth = Math.max(0, depth - 1);
    const isSpace = token.trim() === '';
    if (depth === 0 && CLAUSE.test(token) && !JOINED.test(previous) && text !== '') {
      text = `${text.trimEnd()}\n${/^ON$/i.test(token) ? '  ' : ''}`;
    }
    text += isSpace ? ' ' : token;
    if (!isSpace) previous = token;
  }
  return text.trim();
}
