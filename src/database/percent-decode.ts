import { DatabaseUrlError } from './sql-client.ts';

/** Decodes the percent escapes in a part of a database URL. @throws DatabaseUrlError */
export function percentDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new DatabaseUrlError(
      'The database URL has a % that does not start an escape. Write %25 for a percent sign.',
      { cause },
    );
  }
}
