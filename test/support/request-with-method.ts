/** A request as a server may get it: fetch() forbids some methods, and Bun makes GET of others. */
export function requestWithMethod(method: string, path: string): Request {
  const request = new Request(`http://localhost${path}`);
  return Object.defineProperty(request, 'method', { value: method });
}
