/** A part of the telemetry that a variant does without, to measure its share of the cost. */
export interface LeftOut {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Spans of a request without the part. */
  readonly spansPerRequest: number;
}

/** A change of one source file. */
interface Edit {
  readonly file: string;
  /** Text that the file contains. */
  readonly find: string;
  readonly replace: string;
}

const KIT = 'packages/hono-opentelemetry/src/';
const SDK = 'packages/opentelemetry-instrument/src/sdk/';

function leftOut(
  name: string,
  spansPerRequest: number,
  ...edits: readonly [file: string, find: string, replace: string][]
): LeftOut {
  const toEdit = ([file, find, replace]: (typeof edits)[number]) => ({ file, find, replace });
  return { name, spansPerRequest, edits: edits.map(toEdit) };
}

/** The parts of a traced request. */
export const LEFT_OUT: readonly LeftOut[] = [
  leftOut('the span of the statement', 1, [
    `${KIT}sql/sql-tracer.ts`,
    'if (isTraced(parentSpan)) {',
    'if (false) {',
  ]),
  leftOut('the statement: span, duration and wrapper', 1, [
    `${KIT}sql/sql-tracer.ts`,
    "if (!tracer || !parentSpan || typeof sql !== 'string') return undefined;",
    'return undefined;',
  ]),
  leftOut('the active context, and so the statement', 1, [
    `${KIT}http/run-handlers.ts`,
    'await context.with(spanContext, next);',
    'await next();',
  ]),
  leftOut(
    'waiting for the end of the response',
    2,
    [`${KIT}http/response-end.ts`, "else outgoing.once('close', close);", 'else end(200);'],
    [`${KIT}http/response-end.ts`, 'completed.then(close, close);', 'end();'],
  ),
  leftOut('the attributes of the request', 2, [
    `${KIT}http/server-span.ts`,
    'requestAttributes(c, env, method, redactor, resolveRequest(c, options))',
    "{ 'http.request.method': 'GET' }",
  ]),
  leftOut('the route and the status', 2, [
    `${KIT}http/server-span.ts`,
    'recordStatus(request, expectedStatus(c, active), optIn);',
    'outcome[ATTR_HTTP_RESPONSE_STATUS_CODE] = 200;',
  ]),
  leftOut('the duration of the request', 2, [
    `${KIT}http/server-span.ts`,
    'const measured = recordDuration(seconds, attributes, outcome, spanContext);',
    'const measured = attributes;',
  ]),
  leftOut('the encoding', 0, [
    'exporters/otlp/encode/record-batch.ts',
    'writeRecord(records, 2, record);',
    'return (length += 1);',
  ]),
  leftOut('the processor and all after it', 0, [
    `${SDK}fast-path/tracer.ts`,
    'for (const processor of spanProcessors) processor.onEnd(span);',
    'spanProcessors[0]?.onEnd(span);',
  ]),
  leftOut('the counts of spans', 2, [
    `${SDK}start-sdk.ts`,
    'sampler: spanCounter.sampler,',
    'sampler,',
  ]),
  leftOut('the metrics of the runtime', 2, [
    `${SDK}start-sdk.ts`,
    'capabilities && pipelines.metrics.length + pipelines.metricReaders.length > 0',
    'capabilities && false',
  ]),
];
