import process from 'node:process';

const SIZES = [8, 16, 64].map((kilobytes) => kilobytes * 1024);
const MIN_ROUNDS = 4;
const MAX_ROUNDS = 200;
/** Time limit for work that is not linear, whose rounds are all slow. */
const BUDGET_MS = 8_000;
/** Work on 64 kB within this time blocks no request, and is too short to compare. */
const SHORT_MS = 1;
/** Between 1, for linear work, and 8, for quadratic work. */
const MAX_FACTOR = 4;

export interface Growth {
  readonly isLinear: boolean;
  /** The shortest times in milliseconds for 64 kB as eight, four and one input. */
  readonly millis: readonly number[];
}

/**
 * Compares the processor time of `work` for 64 kB of its worst input: as 8 times 8 kB, as 4 times 16 kB,
 * and at once. Linear work takes the same for all. The shortest times count, and rounds follow until they are
 * alike or never were.
 * @param input makes an input of a size; its time does not count
 */
export async function measureGrowth<T>(
  input: (size: number) => T,
  work: (input: T) => unknown,
): Promise<Growth> {
  const whole = Math.max(...SIZES);
  const millis = SIZES.map(() => Number.POSITIVE_INFINITY);
  const begin = performance.now();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (round >= MIN_ROUNDS && performance.now() - begin > BUDGET_MS) break;
    for (const [i, size] of SIZES.entries()) {
      const inputs = Array.from({ length: whole / size }, () => input(size));
      const start = process.cpuUsage();
      for (const each of inputs) await work(each);
      const { user, system } = process.cpuUsage(start);
      millis[i] = Math.min(millis[i] ?? 0, (user + system) / 1_000);
    }
    const [inParts = 0, , atOnce = 0] = millis;
    // The first rounds may be slow by chance, or because code is not compiled yet.
    const isLinear = round + 1 >= MIN_ROUNDS && atOnce <= MAX_FACTOR * inParts;
    if (isLinear || atOnce <= SHORT_MS) return { isLinear: true, millis };
  }
  return { isLinear: false, millis };
}
