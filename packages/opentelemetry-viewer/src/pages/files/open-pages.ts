import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { TraceStore } from '../../store/index.ts';
import { esc, renderLayout } from '../page/index.ts';
import { traceUrl } from '../trace/index.ts';
import { readTelemetryFile } from './open-file.ts';
import { streamRecords } from './save-all.ts';

/** More than what is kept by default is in a file that was saved here. */
const MAX_FILE_BYTES = 64 * 1_048_576;

/** Opens, saves and deletes what the store keeps. */
export function createOpenPages(store: TraceStore): Hono {
  const app = new Hono();
  app.get('/open', (c) => c.html(renderOpenPage()));
  app.use(
    '/open',
    bodyLimit({
      maxSize: MAX_FILE_BYTES,
      onError: (c) => c.html(renderOpenPage('The file is larger than 64 MiB.'), 413),
    }),
  );
  app.post('/open', async (c) => {
    const file = (await c.req.parseBody().catch(() => ({ file: undefined }))).file;
    const text = file instanceof File ? await file.text() : '';
    const opened = await readTelemetryFile(text);
    if (!opened) {
      return c.html(renderOpenPage('The file has no spans or log records in a known format.'), 422);
    }
    store.addSpans(opened.spans);
    store.addLogs(opened.logs);
    const ids = new Set(opened.spans.map((span) => span.spanContext().traceId));
    const [only] = ids;
    return c.redirect(ids.size === 1 && only ? traceUrl(only) : '/', 303);
  });
  app.get('/save', (c) => {
    c.header('Content-Type', 'application/jsonl');
    c.header('Content-Disposition', 'attachment; filename="traces.jsonl"');
    return c.body(streamRecords(store));
  });
  app.post('/clear', (c) => {
    store.clear();
    return c.redirect('/', 303);
  });
  return app;
}

function renderOpenPage(problem?: string): string {
  return renderLayout({
    title: 'Open a file',
    section: 'traces',
    main: `<h1>Open a file</h1>${problem ? `<p class="problem" role="alert">${esc(problem)}</p>` : ''}
<form class="search" method="post" action="/open" enctype="multipart/form-data"><label class="grow"><span>Traces and logs as JSON, up to 64 MiB</span><input type="file" name="file" accept=".json,.jsonl,application/json" required></label><p class="go"><button class="primary">Open</button></p></form>
<p class="hint">OTLP JSON as saved here, files of the Collector's file exporter, and Jaeger's “Trace JSON”. The traces are added to those that are kept.</p>`,
  });
}
