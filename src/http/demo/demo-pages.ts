import { type Context, Hono } from 'hono';
import type { TaskStore } from '../../tasks/index.ts';
import { escapeHtml, getPageTelemetry, renderPage } from '../layout/index.ts';

/** Path, button and description of each demonstration. */
const DEMOS = [
  ['slow-query', 'Slow query', 'A statement waits 1 s for a lock.'],
  ['error', 'Error', 'A handler throws.'],
  ['n-plus-one', 'N+1 queries', 'One statement for the list, one more for each task.'],
  ['burst', 'Burst', '20 requests at once.'],
] as const;

export interface DemoOptions {
  /**
   * Runs `work` while another connection holds the write lock for `millis`. Undefined if there
   * cannot be another connection.
   */
  withWriteLock?(millis: number, work: () => Promise<unknown>): Promise<void>;
}

const LOCK_MS = 1_000;
const BURST_SIZE = 20;
const MAX_TASKS = 50;
/** An id that no task has. */
const UNUSED_ID = 0;

/**
 * Serves `/demo`, for presentations: buttons whose requests make interesting traces, and pages that
 * say what to look for in them. All requests are bounded and change no task.
 * @param request sends a request through the app, without a server
 */
export function demoPages(
  store: TaskStore,
  { withWriteLock }: DemoOptions,
  request: (path: string) => Response | Promise<Response>,
): Hono {
  const pages = new Hono();
  let isLocked = false;

  pages.get('/demo', (c) => respond(c, 'Demonstration', 'Each button makes a trace to inspect.'));

  // Waiting for a lock makes one statement slow and leaves the event loop free. SQLite runs in this
  // thread, so a query that is slow by itself would block all requests.
  pages.post('/demo/slow-query', async (c) => {
    if (withWriteLock === undefined) {
      return respond(
        c,
        'Slow query',
        'An in-memory database has only one connection, so nothing can lock it.',
        409,
      );
    }
    const remove = () => store.remove(UNUSED_ID);
    if (isLocked) {
      await remove();
    } else {
      isLocked = true;
      await withWriteLock(LOCK_MS, remove).finally(() => {
        isLocked = false;
      });
    }
    const text =
      'A DELETE of a task that does not exist took a second, because another connection held the write lock. Its span is as long as the span of the request. Meanwhile the app served pages, but no changes.';
    return respond(c, 'Slow query', text);
  });

  pages.post('/demo/error', () => {
    const cause = new RangeError('The cause of the error.');
    throw new Error('Thrown on purpose by the Error button.', { cause });
  });

  pages.post('/demo/n-plus-one', async (c) => {
    const tasks = await store.list({ limit: MAX_TASKS });
    for (const { id } of tasks) await store.get(id);
    const text = `The list was read, then each of its tasks once more: ${tasks.length + 1} statements where one would do. The trace shows a row of short spans; no single one looks slow.`;
    return respond(c, 'N+1 queries', text);
  });

  pages.post('/demo/burst', async (c) => {
    const paths = Array.from({ length: BURST_SIZE }, (_, i) => (i % 2 === 0 ? '/' : '/api/tasks'));
    await Promise.all(paths.map(async (path) => (await request(path)).text()));
    const text = `${BURST_SIZE} requests ran through the app at once, in this process. Each has a span below the span of this request. One thread serves them all, so each span is longer than its own work.`;
    return respond(c, 'Burst', text);
  });

  return pages;
}

function respond(c: Context, title: string, text: string, status: 200 | 409 = 200): Response {
  const page = renderPage(
    `${title} · To-Do List`,
    `<header>
<h1>${escapeHtml(title)}</h1>
</header>
<p>${escapeHtml(text)}</p>
${renderDemoPanel()}
<p><a href="/">Back to the tasks</a></p>`,
    getPageTelemetry(c),
  );
  return c.html(page, status);
}

/** Renders the buttons of all demonstrations as a `<section>`. */
function renderDemoPanel(): string {
  const rows = DEMOS.map(
    ([path, name, text]) =>
      `<li><form method="post" action="/demo/${path}"><button>${name}</button> <span>${text}</span></form></li>\n`,
  );
  return `<section id="demo" aria-labelledby="demo-title">
<h2 id="demo-title">Make a trace</h2>
<ul role="list">
${rows.join('')}</ul>
</section>`;
}
