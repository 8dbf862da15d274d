import { TASK_FIELDS } from './task-fields.ts';

const { title, completed, order } = TASK_FIELDS;

const EXAMPLE = {
  id: 1,
  title: 'Buy milk',
  completed: false,
  order: 1767225600000,
  url: 'http://localhost:5000/api/tasks/1',
  createdAt: '2026-01-01T00:00:00.000Z',
};

const ETAG = {
  description: 'The version of the task, for `If-Match` and `If-None-Match`.',
  schema: { type: 'string', pattern: '^"[1-9][0-9]*"$' },
  example: '"1"',
};

export const components = {
  schemas: {
    Task: {
      type: 'object',
      required: ['id', 'title', 'completed', 'order', 'url', 'createdAt'],
      additionalProperties: false,
      properties: {
        id: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
        title: title.schema,
        completed: completed.schema,
        order: order.schema,
        url: {
          type: 'string',
          format: 'uri',
          description: 'Absolute, as the client sees the app.',
        },
        createdAt: { type: 'string', format: 'date-time' },
      },
      examples: [EXAMPLE],
    },
    NewTask: {
      type: 'object',
      description: 'Other members are left alone.',
      required: ['title'],
      properties: {
        title: title.schema,
        completed: { ...completed.schema, default: false },
        order: {
          ...order.schema,
          description:
            'Default: the time of creation in ms since 1970, so that a new task is the last.',
        },
      },
      examples: [{ title: 'Buy milk' }],
    },
    TaskPatch: {
      type: 'object',
      description:
        'A merge patch (RFC 7396) of members that cannot be removed. Others are left alone.',
      properties: { title: title.schema, completed: completed.schema, order: order.schema },
      examples: [{ completed: true }],
    },
    Problem: {
      type: 'object',
      required: ['type', 'title', 'status', 'detail'],
      additionalProperties: false,
      properties: {
        type: { const: 'about:blank' },
        title: { type: 'string', description: "The status's phrase." },
        status: { type: 'integer', minimum: 400, maximum: 599 },
        detail: { type: 'string', description: 'What went wrong, for a person.' },
        errors: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['detail'],
            additionalProperties: false,
            properties: {
              pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) into the body.' },
              parameter: { type: 'string', description: 'A parameter of the query.' },
              detail: { type: 'string' },
            },
          },
        },
        trace_id: {
          type: 'string',
          pattern: '^[0-9a-f]{32}$',
          description: 'The trace of the request, to look for or to tell with a report.',
        },
      },
      examples: [
        {
          type: 'about:blank',
          title: 'Unprocessable Content',
          status: 422,
          detail: 'Some of it does not fit a task.',
          errors: [{ pointer: '/completed', detail: 'Write true or false.' }],
          trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        },
      ],
    },
  },
  parameters: {
    id: {
      name: 'id',
      in: 'path',
      required: true,
      description: 'Anything that is no such number is the id of no task: 404.',
      schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      example: 1,
    },
    completed: {
      name: 'completed',
      in: 'query',
      description: 'Only the tasks that are done, or that are not.',
      schema: { type: 'boolean' },
    },
    ifMatch: condition('If-Match', 'Only a task of one of these versions, or else 412.'),
    ifNoneMatch: condition(
      'If-None-Match',
      'Only a task of none of these versions, or else 304, or 412 where it would be changed.',
    ),
  },
  headers: {
    ETag: ETAG,
    Location: {
      description: 'The `url` of the new task.',
      schema: { type: 'string', format: 'uri' },
    },
    Link: {
      description: 'The next page, while there is one: `<url>; rel="next"` (RFC 8288).',
      schema: { type: 'string', pattern: '^<[^>]+>; rel="next"$' },
    },
    RetryAfter: {
      description: 'Seconds to wait before the next attempt.',
      schema: { type: 'integer', minimum: 0 },
    },
  },
  responses: {
    BadRequest: problem('What arrived is no JSON text in UTF-8, or it broke off.'),
    Forbidden: problem('A page of another site has sent it.'),
    NotFound: problem('There is no such task.'),
    NotAcceptable: problem('`Accept` excludes `application/json`.'),
    ListFull: problem('The list holds as many tasks as it may.'),
    PreconditionFailed: problem('`If-Match` or `If-None-Match` does not hold.'),
    ContentTooLarge: problem('The body is larger than 64 kB.'),
    AddressTooLong: problem('The URL is longer than 16 kB.'),
    UnsupportedMediaType: problem('The body is not of a type that is taken here.'),
    Unprocessable: problem('Understood, but not valid; `errors` says what is wrong where.'),
    TooManyRequests: problem('One client makes too many changes.', true),
    HeadersTooLarge: problem('The headers are larger than 16 kB.'),
    InternalError: problem("The fault is the server's."),
    Unavailable: problem('The tasks cannot be read or changed just now.', true),
  },
};

function problem(description: string, tellsWhenToRetry = false) {
  return {
    description,
    ...(tellsWhenToRetry && {
      headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function condition(name: string, description: string) {
  return { name, in: 'header', description, schema: { type: 'string' }, example: '"1"' };
}
