import { type Context, Hono } from 'hono';
import type { TaskStore } from '../../tasks/task-store.ts';
import { answerMethodNotAllowed } from '../errors/respond-with-failure.ts';
import { escapeHtml, renderPage } from '../pages/page.ts';
import { pageTelemetry } from '../pages/page-context.ts';
import { DEMOS, renderDemoPanel } from './demo-panel.ts';

export interface DemoOptions {
  /**
   * Runs `work` while somebody else holds the lock that all changes need, who lets go of it after
   * `millis`. Leave it out where nobody else can hold one.
   */
  whileLocked?(millis: number, work: () => Promise<unknown>): Promise<void>;
}

const LOCK = 1_000;
const BURST = 20;
const MOST_TASKS = 50;
/** No task has it. */
const NO_ID = 0;

/**
 * Requests whose traces are worth a look, for a speaker: each a button that posts, answered with a
 * page that says what to look for. All are bounded, and changes to nothing.
 * @param request sends a request through the whole app, without a server
 */
export function demoPages(
  store: TaskStore,
  { whileLocked }: DemoOptions,
  request: (path: string) => Response | Promise<Response>,
): Hono {
  const pages = new Hono();
  let isLocked = false;

  pages.get('/demo', (c) => answer(c, 'Demonstration', 'Each button makes a trace to look at.'));
  pages.all('/demo', answerMethodNotAllowed('GET, HEAD'));

  // Waiting for a lock keeps one statement for as long as it takes, and the event loop for no moment:
  // SQLite runs within this thread, where a query that is slow by itself would stop everybody.
  pages.post('/demo/slow-query', async (c) => {
    if (whileLocked === undefined) {
      return answer(
        c,
        'Slow query',
        'A database in memory is nobody else’s, who could lock it.',
        409,
      );
    }
    const remove = () => store.remove(NO_ID);
    if (isLocked) {
      await remove();
    } else {
      isLocked = true;
      await whileLocked(LOCK, remove).finally(() => {
        isLocked = false;
      });
    }
    const text =
      'A DELETE that deletes nothing took a second: the app waited for a lock that another connection held. Its span is as long as that of the request. Pages were served meanwhile, changes were not.';
    return answer(c, 'Slow query', text);
  });

  pages.post('/demo/error', () => {
    const cause = new RangeError('The cause of it.');
    throw new Error('This handler throws, since a button was pressed that says so.', { cause });
  });

  pages.post('/demo/n-plus-one', async (c) => {
    const tasks = await store.list({ limit: MOST_TASKS });
    for (const { id } of tasks) await store.get(id);
    const text = `The list was read, then each of its tasks once more: ${tasks.length + 1} statements where one would do. The spans stand in a row, each short, none of which looks slow.`;
    return answer(c, 'N+1 queries', text);
  });

  pages.post('/demo/burst', async (c) => {
    const paths = Array.from({ length: BURST }, (_, i) => (i % 2 === 0 ? '/' : '/api/tasks'));
    await Promise.all(paths.map(async (path) => (await request(path)).text()));
    const text = `${BURST} requests went through the app at once, within this process. Each has a span below that of this request; one thread serves them all, so that each span is longer than its own work.`;
    return answer(c, 'Burst', text);
  });

  for (const [name] of DEMOS) {
    pages.all(`/demo/${name}`, answerMethodNotAllowed('POST'));
  }
  return pages;
}

function answer(c: Context, title: string, text: string, status: 200 | 409 = 200): Response {
  const page = renderPage(
    `${title} · To-Do List`,
    `<header>
<h1>${escapeHtml(title)}</h1>
</header>
<p>${escapeHtml(text)}</p>
${renderDemoPanel()}
<p><a href="/">Back to the tasks</a></p>`,
    pageTelemetry(c),
  );
  return c.html(page, status);
}
