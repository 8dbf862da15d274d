import { type Context, type ErrorHandler, Hono } from 'hono';
import type { TaskStore } from '../../tasks/index.ts';
import { escapeHtml, getPageContext, renderPage, respondWithPage } from '../layout/index.ts';
import { getTexts, type Texts } from '../texts/index.ts';

export interface DemoOptions {
  /**
   * Runs `work` while another connection holds the write lock for `millis`. Undefined if there
   * cannot be another connection.
   */
  withWriteLock?(millis: number, work: () => Promise<unknown>): Promise<void>;
}

/** Thrown by the Error button. */
class DemoError extends Error {}

const LOCK_MS = 1_000;
const BURST_SIZE = 20;
const MAX_TASKS = 50;
/** An id that no task has. */
const UNUSED_ID = 0;

/**
 * Serves `/demo`, for presentations: buttons whose requests make interesting traces, and pages that
 * say what to look for in them. All requests are bounded and change no task.
 * @param request sends a request through the app, without a server
 * @param onError the app's error handler
 */
export function demoPages(
  store: TaskStore,
  { withWriteLock }: DemoOptions,
  request: (path: string) => Response | Promise<Response>,
  onError: ErrorHandler,
): Hono {
  const pages = new Hono();
  let isLocked = false;

  pages.get('/demo', (c) => {
    const { title, intro } = getTexts(c).demo;
    return respond(c, title, intro);
  });

  // Waiting for a lock makes one statement slow and leaves the event loop free. SQLite runs in this
  // thread, so a query that is slow by itself would block all requests.
  pages.post('/demo/slow-query', async (c) => {
    const { slowQuery } = getTexts(c).demo;
    if (withWriteLock === undefined) {
      return respond(c, slowQuery.name, slowQuery.notPossible, 409);
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
    return respond(c, slowQuery.name, slowQuery.done);
  });

  pages.post('/demo/error', () => {
    const cause = new RangeError('The cause of the error.');
    throw new DemoError('Thrown on purpose by the Error button.', { cause });
  });
  pages.onError((error, c) => {
    // Records the error as one of any other handler.
    const response = onError(error, c);
    if (!(error instanceof DemoError)) return response;
    const { name, done } = getTexts(c).demo.error;
    return respond(c, name, done, 500);
  });

  pages.post('/demo/n-plus-one', async (c) => {
    const tasks = await store.list({ limit: MAX_TASKS });
    for (const { id } of tasks) await store.get(id);
    const { name, done, noTasks } = getTexts(c).demo.nPlusOne;
    return respond(c, name, tasks.length === 0 ? noTasks : done(tasks.length + 1));
  });

  pages.post('/demo/burst', async (c) => {
    const paths = Array.from({ length: BURST_SIZE }, (_, i) => (i % 2 === 0 ? '/' : '/api/tasks'));
    await Promise.all(paths.map(async (path) => (await request(path)).text()));
    const { name, done } = getTexts(c).demo.burst;
    return respond(c, name, done(BURST_SIZE));
  });

  return pages;
}

function respond(c: Context, title: string, text: string, status: 200 | 409 | 500 = 200): Response {
  const context = getPageContext(c);
  const { texts, query } = context;
  const page = renderPage(
    title,
    `<header${status === 200 ? '' : ' class="error"'}>
<h1>${escapeHtml(title)}</h1>
</header>
<p>${escapeHtml(text)}</p>
${renderDemoPanel(texts, query)}
<p><a href="/${query}">${texts.backToTasks}</a></p>`,
    context,
    '/demo',
  );
  return respondWithPage(c, page, status);
}

/** Renders the buttons of all demonstrations as a `<section>`. */
function renderDemoPanel({ demo, trace }: Texts, query: string): string {
  const row = (path: string, name: string, text: string) =>
    `<li><form method="post" action="/demo/${path}${query}"><button>${name}</button><span>${text}</span></form></li>\n`;
  const { slowQuery, error, nPlusOne, burst } = demo;
  return `<section id="demo" aria-labelledby="demo-title">
<h2 id="demo-title">${trace.make}</h2>
<ul role="list">
${row('slow-query', slowQuery.name, slowQuery.text)}${row('error', error.name, error.text)}${row('n-plus-one', nPlusOne.name, nPlusOne.text)}${row('burst', burst.name, burst.text(BURST_SIZE))}</ul>
</section>`;
}
