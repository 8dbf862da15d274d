/** Reads a task's id; undefined for anything but a positive safe integer in plain decimal digits. */
export function parseTaskId(input: string): number | undefined {
  if (!/^[1-9][0-9]*$/.test(input)) return undefined;
  const id = Number(input);
  return Number.isSafeInteger(id) ? id : undefined;
}
