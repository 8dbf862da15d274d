import { type Context, Hono } from 'hono';
import { parsePositiveInteger, type Task, type TaskStore } from '../../tasks/index.ts';
import { type ProblemResponse, respondWithProblem } from '../errors/index.ts';
import { getRequestOrigin } from '../middleware/index.ts';
import { acceptJson } from './accept-json.ts';
import { etagOf, failedCondition, hasConditions } from './conditions.ts';
import { formatCursor } from './cursor.ts';
import { readJson } from './read-json.ts';
import { readListQuery, readTaskFilter } from './read-query.ts';
import { parseNewTask, parseTaskPatch } from './task-fields.ts';

const NEW_TASK_TYPES = ['application/json'];
const PATCH_TYPES = ['application/merge-patch+json', 'application/json'];
// Browsers store the response, but revalidate it each time.
const CACHING = { 'Cache-Control': 'no-cache' };

/** A task in the API, with the names of Todo-Backend. */
export interface TaskResource {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
  readonly order: number;
  /** Absolute URL, as the client sees the app. */
  readonly url: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
}

/** The type for Hono's client: `hc<ApiType>('http://localhost:5000')`. */
export type ApiType = ReturnType<typeof taskApi>;

/** Serves the tasks as JSON below `/api/tasks`, and their description at `/api/openapi.json`. */
export function taskApi(store: TaskStore) {
  // URLs are relative if the origin is unknown.
  const originOf = (c: Context) => getRequestOrigin(c) ?? '';

  function respondWithTask<Status extends 200 | 201>(c: Context, task: Task, status: Status) {
    const resource = toResource(task, originOf(c));
    const location = status === 201 && { Location: resource.url };
    return c.json(resource, status, { ETag: etagOf(task), ...CACHING, ...location });
  }

  /** Returns the id of the task to change, and its version if the request has conditions. */
  async function findTarget(c: Context): Promise<Target | ProblemResponse<404 | 412>> {
    const id = readId(c);
    if (id === undefined) return respondTaskNotFound(c);
    if (!hasConditions(c.req)) return { id };
    const task = await store.get(id);
    if (task === undefined) return respondTaskNotFound(c);
    return failedCondition(c.req, task) ? respondTaskChanged(c) : { id, version: task.version };
  }

  const api = new Hono()
    .get('/api/tasks', acceptJson, readListQuery, async (c) => {
      const { completed, after, limit } = c.req.valid('query');
      // Reads one more task to know whether there is a next page.
      const tasks = await store.list({ completed, after, limit: limit + 1 });
      const page = tasks.slice(0, limit);
      const last = page.at(-1);
      const origin = originOf(c);
      if (last && tasks.length > limit) {
        const query = new URLSearchParams({
          ...(completed !== undefined && { completed: `${completed}` }),
          limit: `${limit}`,
          after: formatCursor(last),
        });
        c.header('Link', `<${origin}/api/tasks?${query}>; rel="next"`);
      }
      return c.json(page.map((task) => toResource(task, origin)));
    })
    .post('/api/tasks', acceptJson, readJson(parseNewTask, NEW_TASK_TYPES), async (c) =>
      respondWithTask(c, await store.add(c.req.valid('json')), 201),
    )
    .delete('/api/tasks', acceptJson, readTaskFilter, async (c) => {
      // The list has no entity tag, so no tag can match.
      const ifMatch = c.req.header('If-Match') ?? '*';
      if (ifMatch.trim() !== '*') return respondTaskChanged(c);
      await store.removeAll(c.req.valid('query'));
      return c.body(null, 204);
    })
    .get('/api/tasks/:id', acceptJson, async (c) => {
      const id = readId(c);
      const task = id === undefined ? undefined : await store.get(id);
      if (task === undefined) return respondTaskNotFound(c);
      const failed = failedCondition(c.req, task);
      if (failed === 412) return respondTaskChanged(c);
      if (failed === 304) return c.body(null, 304, { ETag: etagOf(task), ...CACHING });
      return respondWithTask(c, task, 200);
    })
    .patch('/api/tasks/:id', acceptJson, readJson(parseTaskPatch, PATCH_TYPES), async (c) => {
      const target = await findTarget(c);
      if (target instanceof Response) return target;
      const task = await store.update(target.id, c.req.valid('json'), target.version);
      return task ? respondWithTask(c, task, 200) : respondTaskMissing(c, target);
    })
    .delete('/api/tasks/:id', acceptJson, async (c) => {
      const target = await findTarget(c);
      if (target instanceof Response) return target;
      const isRemoved = await store.remove(target.id, target.version);
      return isRemoved ? c.body(null, 204) : respondTaskMissing(c, target);
    })
    .get('/api/openapi.json', async (c) => {
      // Loaded on demand, to keep start-up fast.
      const { openApiText } = await import('./openapi.ts');
      return c.body(openApiText(), 200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'max-age=300',
      });
    });

  api.options('/api/tasks/:id', async function acceptPatch(c, next) {
    await next();
    c.header('Accept-Patch', PATCH_TYPES.join(', '));
  });
  return api;
}

function readId(c: Context): number | undefined {
  return parsePositiveInteger(c.req.param('id') ?? '');
}

interface Target {
  readonly id: number;
  /** The version that met the conditions; any other version is not changed. */
  readonly version?: number;
}

function respondTaskNotFound(c: Context): ProblemResponse<404> {
  return respondWithProblem(c, 404, 'The task does not exist.');
}

function respondTaskChanged(c: Context): ProblemResponse<412> {
  return respondWithProblem(c, 412, 'The task has changed. Read it again before you change it.');
}

/** Responds when a task was deleted, or changed after its conditions were checked. */
function respondTaskMissing(c: Context, { version }: Target): ProblemResponse<404 | 412> {
  return version === undefined ? respondTaskNotFound(c) : respondTaskChanged(c);
}

/** Converts a task. @param origin of the app as the client sees it */
function toResource(task: Task, origin: string): TaskResource {
  const { id, title, completed, order, createdAt } = task;
  const url = `${origin}/api/tasks/${id}`;
  return { id, title, completed, order, url, createdAt: createdAt.toISOString() };
}
