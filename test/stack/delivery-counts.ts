/** The program's final report on the delivery of one signal to `otlp`. */
export interface DeliveryCounts {
  readonly created: number;
  readonly exported: number;
  readonly rejected: number;
  readonly dropped: number;
}

/** Reads the last line about a signal. Throws when there is none. */
export function readDeliveryCounts(
  stderr: string,
  signal: 'Traces' | 'Metrics' | 'Logs',
): DeliveryCounts {
  const lines = stderr.split('\n').filter((line) => line.startsWith(`${signal} to otlp: `));
  const line = lines.findLast((each) => / created, /.test(each));
  if (line === undefined) throw new Error(`No counts of ${signal} in ${stderr}`);
  const sum = (pattern: RegExp) =>
    [...line.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
  return {
    created: sum(/(\d+) [a-z ]+ created/g),
    exported: sum(/(\d+) exported/g),
    rejected: sum(/(\d+) rejected/g),
    dropped: sum(/(\d+) dropped/g),
  };
}

/** Returns true if created = exported + rejected + dropped. */
export function isBalanced({ created, exported, rejected, dropped }: DeliveryCounts): boolean {
  return created === exported + rejected + dropped;
}
