import { readFile } from 'node:fs/promises';
import type { OtlpTarget } from '../options.ts';
import { errorCode } from '../show.ts';
import type { TlsFiles, UnreadableFile } from './probe-tls.ts';

/** The PEM files of a target, or the first that cannot be read. */
export async function readTlsFiles({
  certificate,
  clientCertificate,
  clientKey,
}: OtlpTarget): Promise<TlsFiles | UnreadableFile> {
  const files: TlsFiles = {};
  const wanted = [
    ['ca', certificate],
    ['cert', clientCertificate],
    ['key', clientKey],
  ] as const;
  for (const [name, path] of wanted) {
    if (!path) continue;
    try {
      files[name] = await readFile(path, 'utf8');
    } catch (error) {
      return { kind: 'unreadable-file', path, code: errorCode(error) };
    }
  }
  return files;
}
