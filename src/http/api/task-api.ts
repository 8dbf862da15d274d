import { type Context, Hono } from 'hono';
import { parsePositiveInteger } from '../../tasks/parse-positive-integer.ts';
import type { Task } from '../../tasks/task.ts';
import type { TaskStore } from '../../tasks/task-store.ts';
import { answerProblem, type ProblemResponse } from '../errors/problem.ts';
import { ownOrigin } from '../middleware/request-origin.ts';
import { acceptJson } from './accept-json.ts';
import { answerOtherMethods } from './answer-other-methods.ts';
import { etagOf, failedCondition, hasConditions } from './conditions.ts';
import { formatCursor } from './cursor.ts';
import { readJson } from './read-json.ts';
import { readListQuery, readTaskFilter } from './read-query.ts';
import { parseNewTask, parseTaskPatch } from './task-fields.ts';
import { toResource } from './task-resource.ts';

const NEW_TASK_TYPES = ['application/json'];
const PATCH_TYPES = ['application/merge-patch+json', 'application/json'];
// Stored, but asked for again each time.
const CACHING = { 'Cache-Control': 'no-cache' };

/** What `hc<ApiType>('http://localhost:5000')` makes a typed client of. */
export type ApiType = ReturnType<typeof taskApi>;

/** The tasks as JSON: `/api/tasks` and `/api/tasks/:id`, and `/api/openapi.json`, which describes them. */
export function taskApi(store: TaskStore) {
  // Without a known origin URLs are relative.
  const originOf = (c: Context) => ownOrigin(c) ?? '';

  function answerTask<Status extends 200 | 201>(c: Context, task: Task, status: Status) {
    const resource = toResource(task, originOf(c));
    const location = status === 201 && { Location: resource.url };
    return c.json(resource, status, { ETag: etagOf(task), ...CACHING, ...location });
  }

  /** The id of the task to change, and its version where the request names conditions. */
  async function findTarget(c: Context): Promise<Target | ProblemResponse<404 | 412>> {
    const id = readId(c);
    if (id === undefined) return answerNoTask(c);
    if (!hasConditions(c.req)) return { id };
    const task = await store.get(id);
    if (task === undefined) return answerNoTask(c);
    return failedCondition(c.req, task) ? answerChanged(c) : { id, version: task.version };
  }

  const api = new Hono()
    .get('/api/tasks', acceptJson, readListQuery, async (c) => {
      const { completed, after, limit } = c.req.valid('query');
      // One more than asked for tells whether there is a next page.
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
      answerTask(c, await store.add(c.req.valid('json')), 201),
    )
    .delete('/api/tasks', acceptJson, readTaskFilter, async (c) => {
      // The list has no entity tag, so that none can be the one that somebody has in mind.
      const ifMatch = c.req.header('If-Match') ?? '*';
      if (ifMatch.trim() !== '*') return answerChanged(c);
      await store.removeAll(c.req.valid('query'));
      return c.body(null, 204);
    })
    .get('/api/tasks/:id', acceptJson, async (c) => {
      const id = readId(c);
      const task = id === undefined ? undefined : await store.get(id);
      if (task === undefined) return answerNoTask(c);
      const failed = failedCondition(c.req, task);
      if (failed === 412) return answerChanged(c);
      if (failed === 304) return c.body(null, 304, { ETag: etagOf(task), ...CACHING });
      return answerTask(c, task, 200);
    })
    .patch('/api/tasks/:id', acceptJson, readJson(parseTaskPatch, PATCH_TYPES), async (c) => {
      const target = await findTarget(c);
      if (target instanceof Response) return target;
      const task = await store.update(target.id, c.req.valid('json'), target.version);
      return task ? answerTask(c, task, 200) : answerGone(c, target);
    })
    .delete('/api/tasks/:id', acceptJson, async (c) => {
      const target = await findTarget(c);
      if (target instanceof Response) return target;
      const isRemoved = await store.remove(target.id, target.version);
      return isRemoved ? c.body(null, 204) : answerGone(c, target);
    })
    .get('/api/openapi.json', async (c) => {
      // Loaded when it is asked for: programs start without it.
      const { openApiText } = await import('./openapi.ts');
      return c.body(openApiText(), 200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'max-age=300',
      });
    });

  api.all('/api/tasks', answerOtherMethods('GET, HEAD, POST, DELETE, OPTIONS'));
  api.all(
    '/api/tasks/:id',
    answerOtherMethods('GET, HEAD, PATCH, DELETE, OPTIONS', {
      'Accept-Patch': PATCH_TYPES.join(', '),
    }),
  );
  api.all('/api/openapi.json', answerOtherMethods('GET, HEAD, OPTIONS'));
  return api;
}

function readId(c: Context): number | undefined {
  return parsePositiveInteger(c.req.param('id') ?? '');
}

interface Target {
  readonly id: number;
  /** Of the task that the conditions were held against; any other is not changed. */
  readonly version?: number;
}

function answerNoTask(c: Context): ProblemResponse<404> {
  return answerProblem(c, 404, 'There is no such task.');
}

function answerChanged(c: Context): ProblemResponse<412> {
  return answerProblem(c, 412, 'The task has changed meanwhile. Read it again, then decide.');
}

/** The task was not there when it should be changed, or has changed since the conditions were looked at. */
function answerGone(c: Context, { version }: Target): ProblemResponse<404 | 412> {
  return version === undefined ? answerNoTask(c) : answerChanged(c);
}
