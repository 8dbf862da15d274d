import type { Hono } from 'hono';
import type { Bindings } from '../../runtimes/runtime.ts';

/** Posts a form as curl does: no `Origin`, no `Sec-Fetch-Site` unless given. */
export async function postForm(
  app: Hono<{ Bindings: Bindings }>,
  path: string,
  fields: Record<string, string> | [string, string][] = {},
  headers: Record<string, string> = {},
  bindings: Bindings = {},
): Promise<Response> {
  return app.request(
    path,
    { method: 'POST', body: new URLSearchParams(fields), headers },
    bindings,
  );
}
