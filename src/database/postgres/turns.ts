import { settlesWithin } from './settles-within.ts';

/** Lets callers act one after another. */
export class Turns {
  #last = Promise.resolve();
  #waiting = 0;

  /** The number of callers that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Waits until all earlier callers have ended their turns.
   * @param timeoutMillis time limit in milliseconds; 0 = none
   * @returns a function that ends the turn; undefined if it has not come in time
   */
  async take(timeoutMillis: number): Promise<(() => void) | undefined> {
    const earlier = this.#last;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#last = earlier.then(() => ended);
    this.#waiting++;
    try {
      if (await settlesWithin(earlier, timeoutMillis)) return end;
      end();
      return undefined;
    } finally {
      this.#waiting--;
    }
  }
}
