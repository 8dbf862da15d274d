/** Reads an id or a version; undefined for anything but a positive safe integer in plain decimal digits. */
export function parsePositiveInteger(input: string): number | undefined {
  if (!/^[1-9][0-9]*$/.test(input)) return undefined;
  const value = Number(input);
  return Number.isSafeInteger(value) ? value : undefined;
}
