const COLORS = 8;

/** Returns the class of a service's color; the same name has the same color on all pages. */
export function serviceClass(service: string): string {
  let hash = 7;
  for (let i = 0; i < service.length && i < 100; i++) {
    hash = (hash * 31 + service.charCodeAt(i)) % 100_003;
  }
  return `s${hash % COLORS}`;
}
