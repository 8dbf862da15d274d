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

const COMMON = [414, 431, 500, 503];
// 400: any change may be sent with a body, which may be incomplete.
const COMMON_TO_CHANGES = [400, 403, 413, 429, ...COMMON];

const conditions = [parameter('ifMatch'), parameter('ifNoneMatch')];
const task = json({ $ref: '#/components/schemas/Task' });

export const openApiPaths = {
  '/api/tasks': {
    get: {
      operationId: 'listTasks',
      tags: ['tasks'],
      summary: 'Lists a page of tasks, in ascending order',
      parameters: [
        parameter('completed'),
        {
          name: 'limit',
          in: 'query',
          description: 'Maximum number of tasks on a page.',
          schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
        },
        {
          name: 'after',
          in: 'query',
          description: 'Start of the page, an opaque value from a `Link`.',
          // Base64 of `<order>.<id>`, whose characters never encode to `+` or `/`.
          schema: { type: 'string', pattern: '^[0-9A-Za-z]{4,46}$' },
        },
      ],
      responses: {
        200: {
          description: 'The tasks.',
          headers: { Link: header('Link') },
          content: json({ type: 'array', items: { $ref: '#/components/schemas/Task' } }),
        },
        ...problems(406, 422, ...COMMON),
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
        ...problems(406, 409, 415, 422, ...COMMON_TO_CHANGES),
      },
    },
    delete: {
      operationId: 'deleteTasks',
      tags: ['tasks'],
      summary: 'Deletes all tasks, all completed ones, or all active ones',
      description: 'Unknown parameters are refused, so that a misspelled one deletes nothing.',
      parameters: [parameter('completed'), parameter('ifMatch')],
      responses: {
        204: { description: 'The tasks were deleted.' },
        ...problems(406, 412, 422, ...COMMON_TO_CHANGES),
      },
    },
  },
  '/api/tasks/{id}': {
    parameters: [parameter('id')],
    get: {
      operationId: 'getTask',
      tags: ['tasks'],
      summary: 'Returns one task',
      parameters: conditions,
      responses: {
        200: { description: 'The task.', headers: { ETag: header('ETag') }, content: task },
        304: {
          description: 'The client already has this version.',
          headers: { ETag: header('ETag') },
        },
        ...problems(404, 406, 412, ...COMMON),
      },
    },
    patch: {
      operationId: 'updateTask',
      tags: ['tasks'],
      summary: 'Changes the members that the body contains',
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
          description: 'The changed task.',
          headers: { ETag: header('ETag') },
          content: task,
        },
        ...problems(404, 406, 412, 415, 422, ...COMMON_TO_CHANGES),
      },
    },
    delete: {
      operationId: 'deleteTask',
      tags: ['tasks'],
      summary: 'Deletes one task',
      parameters: conditions,
      responses: {
        204: { description: 'The task was deleted.' },
        ...problems(404, 406, 412, ...COMMON_TO_CHANGES),
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
