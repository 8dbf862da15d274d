import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type MetricStore, millisOf, serviceOf, type TraceStore } from '../store/index.ts';
import { readLogFilter, toLogQuery } from './logs-page.ts';
import { rateRoutes } from './metrics/index.ts';
import { formatIso } from './page/index.ts';
import { readTraceFilter, summaryToJson, toTraceQuery } from './search/index.ts';
import { formatTextTree, layOutTrace, logSeverity, logText } from './spans/index.ts';

const PROTOCOL_VERSION = '2025-06-18';
const MAX_REQUEST_BYTES = 262_144;
const MAX_RESULTS = 100;

/** A tool for coding agents. Its arguments are strings and numbers, as in the query of a page. */
interface McpTool {
  readonly name: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  run(params: URLSearchParams): unknown;
}

/**
 * Serves the Model Context Protocol over HTTP, without sessions.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/basic/transports
 */
export function createMcpEndpoint(store: TraceStore, metrics: MetricStore, version: string): Hono {
  const tools = createTools(store, metrics);
  const app = new Hono();
  app.use('/mcp', bodyLimit({ maxSize: MAX_REQUEST_BYTES }));
  app.post('/mcp', async (c) => {
    const message: unknown = await c.req.json().catch(() => undefined);
    if (message === undefined) return rpcError(c, null, -32_700, 'The body is not JSON.');
    if (!isRequest(message)) return rpcError(c, null, -32_600, 'Not a JSON-RPC 2.0 request.');
    const { id, method } = message;
    const params = message.params ?? {};
    // Notifications have no id and get no response.
    if (id === undefined) return c.body(null, 202);
    switch (method) {
      case 'initialize':
        return rpcResult(c, id, {
          protocolVersion: PROTOCOL_VERSION,
          capabilities: { tools: {} },
          serverInfo: { name: 'opentelemetry-viewer', version },
          instructions: 'Reads the traces, log records and metrics of programs on this machine.',
        });
      case 'ping':
        return rpcResult(c, id, {});
      case 'tools/list':
        return rpcResult(c, id, { tools: tools.map(describeTool) });
      case 'tools/call':
        return rpcResult(c, id, callTool(tools, params));
      default:
        return rpcError(c, id, -32_601, `Unknown method ${String(method).slice(0, 100)}`);
    }
  });
  app.all('/mcp', (c) => c.body(null, 405, { Allow: 'POST' }));
  return app;
}

interface RpcRequest {
  readonly id?: string | number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>> | null;
}

function isRequest(message: unknown): message is RpcRequest {
  if (typeof message !== 'object' || message === null) return false;
  const { jsonrpc, method } = message as Record<string, unknown>;
  return jsonrpc === '2.0' && typeof method === 'string';
}

function rpcResult(c: Context, id: string | number, result: unknown): Response {
  return c.json({ jsonrpc: '2.0', id, result } as Record<string, unknown>);
}

function rpcError(c: Context, id: string | number | null, code: number, message: string) {
  return c.json({ jsonrpc: '2.0', id, error: { code, message } }, id === null ? 400 : 200);
}

function describeTool({ name, description, properties, required = [] }: McpTool) {
  return {
    name,
    description,
    annotations: { readOnlyHint: true },
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, text]) => [
          key,
          { type: key === 'limit' ? 'integer' : 'string', description: text },
        ]),
      ),
      required,
    },
  };
}

function callTool(tools: readonly McpTool[], params: Readonly<Record<string, unknown>>) {
  const tool = tools.find(({ name }) => name === params.name);
  if (!tool) return toolError('Unknown tool.');
  const query = new URLSearchParams();
  const given = typeof params.arguments === 'object' ? (params.arguments ?? {}) : {};
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === 'string' || typeof value === 'number') query.set(key, String(value));
  }
  const missing = (tool.required ?? []).filter((key) => !query.get(key));
  if (missing.length > 0) return toolError(`Missing arguments: ${missing.join(', ')}`);
  const result = tool.run(query);
  const text = typeof result === 'string' ? result : JSON.stringify(result, null, 1);
  return { content: [{ type: 'text', text }] };
}

function readLimit(params: URLSearchParams, fallback: number): number {
  return Math.min(MAX_RESULTS, Math.max(1, Number(params.get('limit')) || fallback));
}

function toolError(text: string) {
  return { content: [{ type: 'text', text }], isError: true };
}

function createTools(store: TraceStore, metrics: MetricStore): readonly McpTool[] {
  return [
    {
      name: 'search_traces',
      description: 'Finds traces, newest first. Conditions are combined by AND.',
      properties: {
        service: 'Service name',
        operation: 'Name of a span, such as GET /tasks/:id',
        tags: 'Attributes of any span as key=value pairs: http.response.status_code=500',
        text: 'Text in a span or log record',
        minDuration: 'Such as 100ms or 1.2s',
        maxDuration: 'Such as 100ms or 1.2s',
        lookback: 'Such as 5m or 1h',
        status: 'error or ok',
        sort: 'newest, oldest, longest, shortest or most-spans',
        limit: 'Number of traces, 20 by default, 100 at most',
      },
      run(params) {
        const { query, problems } = toTraceQuery(readTraceFilter(params), Date.now());
        const limit = readLimit(params, 20);
        const { traces, total } = store.findTraces({ ...query, limit });
        return { total, problems, traces: traces.map(summaryToJson) };
      },
    },
    {
      name: 'get_trace',
      description:
        'Returns one trace as a tree of spans and log records with durations, statements, errors and notes.',
      properties: { traceId: 'Trace ID, 32 hexadecimal digits' },
      required: ['traceId'],
      run(params) {
        const traceId = (params.get('traceId') ?? '').toLowerCase();
        const trace = store.getTrace(traceId);
        return trace ? formatTextTree(traceId, layOutTrace(trace)) : 'This trace is not kept.';
      },
    },
    {
      name: 'get_logs',
      description: 'Finds log records, newest first.',
      properties: {
        text: 'Text in the record',
        service: 'Service name',
        severity: 'Lowest severity: trace, debug, info, warn, error or fatal',
        trace: 'Trace ID',
        limit: 'Number of records, 50 by default, 100 at most',
      },
      run(params) {
        const limit = readLimit(params, 50);
        return store.findLogs({ ...toLogQuery(readLogFilter(params)), limit }).map((record) => ({
          time: formatIso(millisOf(record.hrTime)),
          service: serviceOf(record),
          severity: logSeverity(record),
          message: logText(record),
          attributes: record.attributes,
          traceId: record.spanContext?.traceId,
        }));
      },
    },
    {
      name: 'list_services',
      description: 'Lists services with their span names.',
      properties: {},
      run: () =>
        store.services().map((service) => ({
          service,
          operations: [...new Set(store.operations(service).map(({ name }) => name))].slice(0, 200),
        })),
    },
    {
      name: 'get_metrics',
      description:
        'Returns rate, errors and percentiles by route, and the latest value of each time series.',
      properties: { name: 'Name of one instrument' },
      run(params) {
        const name = params.get('name') ?? undefined;
        const routes = rateRoutes(metrics.find('http.server.request.duration'));
        return {
          routes: routes.map(({ intervals: _intervals, ...rates }) => rates),
          series: metrics.find(name).map(({ points, ...series }) => ({
            ...series,
            latest: points.at(-1),
          })),
        };
      },
    },
  ];
}
