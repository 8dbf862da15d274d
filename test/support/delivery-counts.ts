/** The program's counts of one signal for one exporter. */
export interface DeliveryCounts {
  readonly created: number;
  readonly exported: number;
  readonly rejected: number;
  readonly pending: number;
  /** Counts by reason: `the queue was full`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Counts by route: `Traces to otlp`. */
export type AllCounts = Readonly<Record<string, DeliveryCounts>>;

const SENTENCE =
  /^(\w+ to \w+): (\d+) [\w ]+ created, (\d+) exported(?:, (\d+) rejected by the collector)?(?:, (\d+) pending)?((?:, \d+ dropped \([^)]+\))*)\.$/gm;

/** Returns true if every record was exported, rejected or dropped. */
export function isBalanced({ created, exported, rejected, dropped }: DeliveryCounts): boolean {
  const ends = [exported, rejected, ...Object.values(dropped)];
  return created === ends.reduce((sum, count) => sum + count);
}

/** Reads the counts that were printed last for a signal to `otlp`. Throws when there are none. */
export function readOtlpCounts(
  stderr: string,
  signal: 'Traces' | 'Metrics' | 'Logs',
): DeliveryCounts {
  const counts = readDeliveryCounts(stderr)[`${signal} to otlp`];
  if (counts === undefined) throw new Error(`No counts of ${signal} in ${stderr}`);
  return counts;
}

/** Reads the counts that were printed last. */
export function readDeliveryCounts(stderr: string): AllCounts {
  const counts: Record<string, DeliveryCounts> = {};
  for (const [, route = '', created, exported, rejected, pending, rest = ''] of stderr.matchAll(
    SENTENCE,
  )) {
    const dropped = rest.matchAll(/(\d+) dropped \(([^)]+)\)/g);
    counts[route] = {
      created: Number(created),
      exported: Number(exported),
      rejected: Number(rejected ?? 0),
      pending: Number(pending ?? 0),
      dropped: Object.fromEntries([...dropped].map(([, count, reason]) => [reason, Number(count)])),
    };
  }
  return counts;
}
