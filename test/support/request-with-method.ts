/** Creates a request with any method: fetch() forbids some, and Bun turns others into GET. */
export function requestWithMethod(method: string, path: string): Request {
  const request = new Request(`http://localhost${path}`);
  return Object.defineProperty(request, 'method', { value: method });
}
