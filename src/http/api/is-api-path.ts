/** Whether a path belongs to the API, whose answers are JSON and which other origins may be let in to. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}
