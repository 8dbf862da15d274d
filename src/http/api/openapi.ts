import { VERSION } from '../../version.ts';
import { components } from './openapi-components.ts';
import { openApiPaths } from './openapi-paths.ts';

let text: string | undefined;

/**
 * Returns the API as an OpenAPI 3.1 document. The schemas of bodies come from `TASK_FIELDS`, which
 * also parses them; requests generated from this document test the rest.
 */
export function openApiText(): string {
  text ??= JSON.stringify({
    openapi: '3.1.1',
    info: {
      title: 'To-Do List',
      version: VERSION,
      description:
        'The tasks of one list, in the shape of Todo-Backend. Errors are problem details (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Relative to the document's own URL, so it is correct behind any proxy.
    servers: [{ url: '/' }],
    // No authentication.
    security: [],
    tags: [{ name: 'tasks', description: 'The tasks of the list.' }],
    paths: openApiPaths,
    components,
  });
  return text;
}
