import type { OtlpSettings } from '../../src/settings.ts';

/** What compresses a batch; its code is read only where it is asked for. */
export async function loadEncoder(
  compression: OtlpSettings['compression'],
): Promise<(data: Uint8Array) => Uint8Array | Promise<Uint8Array>> {
  if (compression === 'none') return (data) => data;
  const { gzip } = await import('node:zlib');
  return (data) =>
    new Promise((resolve, reject) => {
      gzip(data, (error, encoded) => (error ? reject(error) : resolve(encoded)));
    });
}
