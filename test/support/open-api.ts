import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Fetch } from '../../runtimes/runtime.ts';

/** The parts of the document that tests read. References are resolved on access. */
export interface OpenApi {
  readonly operations: readonly Operation[];
  /** Returns the errors of a value by the schema at a place of the document; '' if it is valid. */
  objections(schema: Schema, value: unknown): string;
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** Path template: `/api/tasks/{id}`. */
  readonly path: string;
  readonly queryNames: readonly string[];
  readonly bodyTypes: readonly string[];
  readonly bodySchema: Schema | undefined;
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

export interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export type Schema = Readonly<Record<string, unknown>>;

type Json = { readonly [key: string]: Json };

/** Reads the document that an app serves. */
export async function readOpenApi(fetch: Fetch): Promise<OpenApi> {
  const response = await fetch(new Request('http://localhost/api/openapi.json'), {});
  const document = resolve((await response.json()) as Json) as Json;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('date-time', (text) => new Date(text).toISOString() === text);

  const operations = Object.entries(document.paths ?? {}).flatMap(
    ([path, { parameters, ...item }]) =>
      Object.entries(item).map(([method, operation]): Operation => {
        const all = [parameters, operation.parameters].flatMap((each) => Object.values(each ?? {}));
        const content = operation.requestBody?.content ?? {};
        return {
          operationId: `${operation.operationId}`,
          method: method.toUpperCase(),
          path,
          queryNames: all
            .filter((each) => String(each.in) === 'query')
            .map(({ name }) => `${name}`),
          bodyTypes: Object.keys(content),
          bodySchema: Object.values(content)[0]?.schema,
          responses: operation.responses as unknown as Operation['responses'],
        };
      }),
  );
  return {
    operations,
    objections(schema, value) {
      return ajv.validate(schema, value) ? '' : ajv.errorsText();
    },
  };

  /** Resolves all references of the document. None of them is circular. */
  function resolve(node: unknown, root = node): unknown {
    if (Array.isArray(node)) return node.map((each) => resolve(each, root));
    if (typeof node !== 'object' || node === null) return node;
    if ('$ref' in node) {
      const keys = String(node.$ref).split('/').slice(1);
      return resolve(
        keys.reduce((part, key) => (part as Json)[key] as Json, root as Json),
        root,
      );
    }
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, resolve(value, root)]),
    );
  }
}
