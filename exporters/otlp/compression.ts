import { promisify } from 'node:util';
import type { OtlpOptions } from '../options.ts';

/** Returns a function that compresses a batch. Loads `node:zlib` only if it is needed. */
export async function loadCompressor(
  compression: OtlpOptions['compression'],
): Promise<(data: Uint8Array) => Uint8Array | Promise<Uint8Array>> {
  if (compression === 'none') return (data) => data;
  const { gzip } = await import('node:zlib');
  return promisify<Uint8Array, Uint8Array>(gzip);
}

/** Decompresses a response. Rejects if the result is larger than `maxOutputLength`. */
export async function decompress(data: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  const { gunzip } = await import('node:zlib');
  return promisify(gunzip)(data, { maxOutputLength });
}
