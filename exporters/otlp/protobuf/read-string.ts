/** Longer strings are rarely equal. */
const MAX_BYTES = 256;
const SLOTS = 4_096;
const cache = new Array<string | undefined>(SLOTS);

// A BOM is a part of the string.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Returns a string in UTF-8: the same one for equal bytes that were read recently.
 *
 * Keys and most values of attributes occur in every span. A lookup takes less time than creating a string,
 * and stored spans share it.
 */
export function readString(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > MAX_BYTES) return decoder.decode(bytes.subarray(start, end));
  // FNV-1a.
  let hash = length;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = cache[slot];
  if (known !== undefined && isEqual(known, bytes, start, length)) return known;
  const string = decoder.decode(bytes.subarray(start, end));
  cache[slot] = string;
  return string;
}

/** Compares a string with bytes. Other characters than those of ASCII are not equal. */
function isEqual(string: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (string.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const code = string.charCodeAt(index);
    if (code > 127 || code !== bytes[start + index]) return false;
  }
  return true;
}
