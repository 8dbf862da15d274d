/**
 * Returns the code of an error or of its cause, such as `ECONNREFUSED`, or its class. Deno has no code for
 * a missing permission, only the class `NotCapable`.
 */
export function errorCode(error: unknown): string {
  const { code, cause, name } = Object(error) as {
    code?: unknown;
    cause?: unknown;
    name?: unknown;
  };
  if (typeof code === 'string') return code;
  return cause === undefined ? String(name ?? error) : errorCode(cause);
}
