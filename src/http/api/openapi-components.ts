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
      description: 'Unknown members are ignored.',
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
        'A merge patch (RFC 7396). Members cannot be removed; unknown members are ignored.',
      properties: { title: title.schema, completed: completed.schema, order: order.schema },
      examples: [{ completed: true }],
    },
    Problem: {
      type: 'object',
      required: ['type', 'title', 'status', 'detail'],
      additionalProperties: false,
      properties: {
        type: { const: 'about:blank' },
        title: { type: 'string', description: 'The reason phrase of the status.' },
        status: { type: 'integer', minimum: 400, maximum: 599 },
        detail: { type: 'string', description: 'What went wrong, human-readable.' },
        errors: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['detail'],
            additionalProperties: false,
            properties: {
              pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) into the body.' },
              parameter: { type: 'string', description: 'A query parameter.' },
              detail: { type: 'string' },
            },
          },
        },
        trace_id: {
          type: 'string',
          pattern: '^[0-9a-f]{32}$',
          description: 'The trace of the request, for a bug report.',
        },
      },
      examples: [
        {
          type: 'about:blank',
          title: 'Unprocessable Content',
          status: 422,
          detail: 'The task is not valid.',
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
      description: 'Any other value is not the id of a task: 404.',
      schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      example: 1,
    },
    completed: {
      name: 'completed',
      in: 'query',
      description: 'Only completed tasks (`true`), or only active ones (`false`).',
      schema: { type: 'boolean' },
    },
    ifMatch: condition('If-Match', 'Requires one of these versions of the task, or else 412.'),
    ifNoneMatch: condition(
      'If-None-Match',
      'Requires another version of the task. Otherwise GET responds with 304, changes with 412.',
    ),
  },
  headers: {
    ETag: ETAG,
    Location: {
      description: 'The `url` of the new task.',
      schema: { type: 'string', format: 'uri' },
    },
    Link: {
      description: 'The next page, if there is one: `<url>; rel="next"` (RFC 8288).',
      schema: { type: 'string', pattern: '^<[^>]+>; rel="next"$' },
    },
    RetryAfter: {
      description: 'Seconds to wait before the next attempt.',
      schema: { type: 'integer', minimum: 0 },
    },
  },
  responses: {
    BadRequest: problem('The body is not valid UTF-8 JSON, or is incomplete.'),
    Forbidden: problem('The request was sent by a page of another site.'),
    NotFound: problem('The task does not exist.'),
    NotAcceptable: problem('`Accept` excludes `application/json`.'),
    ListFull: problem('The list has reached its maximum number of tasks.'),
    PreconditionFailed: problem('`If-Match` or `If-None-Match` does not hold.'),
    ContentTooLarge: problem('The body is larger than 64 kB.'),
    AddressTooLong: problem('The URL is longer than 16 kB.'),
    UnsupportedMediaType: problem('The content type of the body is not supported.'),
    Unprocessable: problem(
      'The request is well-formed but not valid; `errors` lists each mistake and its place.',
    ),
    TooManyRequests: problem('The client sends too many changes.', true),
    HeadersTooLarge: problem('The headers are larger than 16 kB.'),
    InternalError: problem('The server failed.'),
    Unavailable: problem('The tasks cannot be read or changed right now.', true),
  },
};

function problem(description: string, hasRetryAfter = false) {
  return {
    description,
    ...(hasRetryAfter && {
      headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function condition(name: string, description: string) {
  return { name, in: 'header', description, schema: { type: 'string' }, example: '"1"' };
}
