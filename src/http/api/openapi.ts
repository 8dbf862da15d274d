import manifest from '../../../package.json' with { type: 'json' };
import { components } from './openapi-components.ts';
import { openApiPaths } from './openapi-paths.ts';

let text: string | undefined;

/**
 * The API as an OpenAPI 3.1 document. What bodies may hold comes from `TASK_FIELDS`, which reads them;
 * that the rest is true is what requests made from this document test.
 */
export function openApiText(): string {
  text ??= JSON.stringify({
    openapi: '3.1.1',
    info: {
      title: 'To-Do List',
      version: manifest.version,
      description:
        'The tasks of one list, in the shape of Todo-Backend. Errors are problem details (RFC 9457).',
      license: { name: manifest.license, identifier: manifest.license },
    },
    // Relative to where the document was found, so that it is right behind every proxy.
    servers: [{ url: '/' }],
    // Anyone may use the API.
    security: [],
    tags: [{ name: 'tasks', description: 'The tasks of the list.' }],
    paths: openApiPaths,
    components,
  });
  return text;
}
