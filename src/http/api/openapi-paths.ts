import type { components } from './openapi-components.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from './read-query.ts';

type ResponseName = keyof typeof components.responses;

const PROBLEMS: Readonly<Record<number, ResponseName>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  409: 'ListFull',
  412: 'PreconditionFailed',
  413: 'ContentTooLarge',
  414: 'AddressTooLong',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  431: 'HeadersTooLarge',
  500: 'InternalError',
  503: 'Unavailable',
};

const ANYWHERE = [414, 431, 500, 503];
// 400: a body that breaks off, which even what takes no body may be sent with.
const WHERE_THINGS_CHANGE = [400, 403, 413, 429, ...ANYWHERE];

const conditions = [parameter('ifMatch'), parameter('ifNoneMatch')];
const task = json({ $ref: '#/components/schemas/Task' });

export const openApiPaths = {
  '/api/tasks': {
    get: {
      operationId: 'listTasks',
      tags: ['tasks'],
      summary: 'A page of the list, in ascending order',
      parameters: [
        parameter('completed'),
        {
          name: 'limit',
          in: 'query',
          description: 'How many tasks a page has at most.',
          schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
        },
        {
          name: 'after',
          in: 'query',
          description: 'Where a page begins; as a `Link` has it, never made by a client.',
          // Base64 of `<order>.<id>`: of these characters no digit of Base64 is `+` or `/`.
          schema: { type: 'string', pattern: '^[0-9A-Za-z]{4,46}$' },
        },
      ],
      responses: {
        200: {
          description: 'The tasks.',
          headers: { Link: header('Link') },
          content: json({ type: 'array', items: { $ref: '#/components/schemas/Task' } }),
        },
        ...problems(406, 422, ...ANYWHERE),
      },
    },
    post: {
      operationId: 'addTask',
      tags: ['tasks'],
      summary: 'Adds a task',
      requestBody: {
        required: true,
        content: json({ $ref: '#/components/schemas/NewTask' }),
      },
      responses: {
        201: {
          description: 'The new task.',
          headers: { ETag: header('ETag'), Location: header('Location') },
          content: task,
        },
        ...problems(406, 409, 415, 422, ...WHERE_THINGS_CHANGE),
      },
    },
    delete: {
      operationId: 'deleteTasks',
      tags: ['tasks'],
      summary: 'Deletes all tasks, or those that are done, or those that are not',
      description: 'Any other parameter is refused, so that a misspelt one deletes nothing.',
      parameters: [parameter('completed'), parameter('ifMatch')],
      responses: {
        204: { description: 'They are gone.' },
        ...problems(406, 412, 422, ...WHERE_THINGS_CHANGE),
      },
    },
  },
  '/api/tasks/{id}': {
    parameters: [parameter('id')],
    get: {
      operationId: 'getTask',
      tags: ['tasks'],
      summary: 'One task',
      parameters: conditions,
      responses: {
        200: { description: 'The task.', headers: { ETag: header('ETag') }, content: task },
        304: {
          description: 'The client has this version of the task.',
          headers: { ETag: header('ETag') },
        },
        ...problems(404, 406, 412, ...ANYWHERE),
      },
    },
    patch: {
      operationId: 'updateTask',
      tags: ['tasks'],
      summary: 'Changes what the body names, and nothing else',
      parameters: conditions,
      requestBody: {
        required: true,
        content: {
          ...json({ $ref: '#/components/schemas/TaskPatch' }),
          'application/merge-patch+json': { schema: { $ref: '#/components/schemas/TaskPatch' } },
        },
      },
      responses: {
        200: {
          description: 'The task as it is now.',
          headers: { ETag: header('ETag') },
          content: task,
        },
        ...problems(404, 406, 412, 415, 422, ...WHERE_THINGS_CHANGE),
      },
    },
    delete: {
      operationId: 'deleteTask',
      tags: ['tasks'],
      summary: 'Deletes one task',
      parameters: conditions,
      responses: {
        204: { description: 'It is gone.' },
        ...problems(404, 406, 412, ...WHERE_THINGS_CHANGE),
      },
    },
  },
};

function problems(...statuses: readonly number[]) {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${PROBLEMS[status]}` }]),
  );
}

function parameter(name: keyof typeof components.parameters) {
  return { $ref: `#/components/parameters/${name}` };
}

function header(name: keyof typeof components.headers) {
  return { $ref: `#/components/headers/${name}` };
}

function json(schema: object) {
  return { 'application/json': { schema } };
}
