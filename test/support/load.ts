/** Keeps the processor busy, and the event loop waiting. */
export function block(millis: number): void {
  const end = performance.now() + millis;
  while (performance.now() < end);
}

/** Makes garbage that has to be collected, of small objects. @returns the last of it */
export function allocate(megabytes: number): object[] {
  let garbage: object[] = [];
  for (let i = 0; i < megabytes * 10; i++) {
    garbage = Array.from({ length: 1_000 }, (_, index) => ({ index, text: `${index} of ${i}` }));
  }
  return garbage;
}
