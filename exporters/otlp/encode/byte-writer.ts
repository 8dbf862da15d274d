/** Length from which `TextEncoder` is faster than a loop: 48 on Node, 64 on Bun and Deno. */
const LONG = 64;
const encoder = new TextEncoder();

/** Thrown when the limit of a writer is exceeded. The writer continues from an earlier `position`. */
export class LimitError extends Error {}

/**
 * Writes numbers and strings into a growing array.
 *
 * A class, unlike the rest: its fields change with each byte, and callers set `position`.
 */
export class ByteWriter {
  /** Number of bytes written. Setting it back removes later bytes. */
  position = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  readonly #limit: number;

  /**
   * @param bytes to write into; replaced by a larger copy when they are full
   * @param limit in bytes; beyond it, writing throws a `LimitError`, possibly some bytes later
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, limit: number = Number.POSITIVE_INFINITY) {
    this.#bytes = bytes;
    this.#limit = limit;
  }

  /** Returns the written bytes, or a part, as a view that later writes may change. */
  written(from = 0, to: number = this.position): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, to);
  }

  /** Returns the array for another writer, and starts again without one. */
  release(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes;
    this.#bytes = new Uint8Array(0);
    this.position = 0;
    return bytes;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length, bytes.length);
    this.#bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  /**
   * Reserves space, which the `put` methods require: one check for several calls.
   * @param least bytes that will be used at least
   */
  protected reserve(length: number, least = 0): void {
    if (this.position + length > this.#bytes.length) this.#grow(length, least);
  }

  /** Writes an integer, truncated to 64 bits. */
  protected putVarint(value: number): void {
    let low = value >>> 0;
    let high = value === low ? 0 : Math.floor(value / 2 ** 32) >>> 0;
    for (; high > 0; high >>>= 7) {
      this.#bytes[this.position++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
    }
    for (; low > 127; low >>>= 7) this.#bytes[this.position++] = (low & 127) | 128;
    this.#bytes[this.position++] = low;
  }

  /** Writes the lowest 32 bits of an integer. */
  protected putFixed32(value: number): void {
    this.#bytes[this.position++] = value;
    this.#bytes[this.position++] = value >>> 8;
    this.#bytes[this.position++] = value >>> 16;
    this.#bytes[this.position++] = value >>> 24;
  }

  /** Writes an integer that fits into 64 bits. */
  protected putFixed64(value: number): void {
    this.putFixed32(value >>> 0);
    this.putFixed32(Math.floor(value / 2 ** 32) >>> 0);
  }

  protected putDouble(value: number): void {
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setFloat64(this.position, value, true);
    this.position += 8;
  }

  /** Writes bytes given as pairs of hexadecimal digits. */
  protected putHex(digits: string): void {
    for (let index = 1; index < digits.length; index += 2) {
      this.#bytes[this.position++] =
        (nibble(digits.charCodeAt(index - 1)) << 4) | nibble(digits.charCodeAt(index));
    }
  }

  /** Writes UTF-8, with U+FFFD for lone surrogates. Requires three bytes per code unit. */
  protected putText(text: string): void {
    if (text.length < LONG && this.#putAscii(text)) return;
    this.position += encoder.encodeInto(text, this.#bytes.subarray(this.position)).written;
  }

  /** Moves the bytes written since `start`; `position` stays. */
  protected move(start: number, distance: number): void {
    this.reserve(distance);
    this.#bytes.copyWithin(start + distance, start, this.position);
  }

  /** Writes ASCII characters. Writes nothing and returns false if there are others. */
  #putAscii(text: string): boolean {
    const bytes = this.#bytes;
    const { position } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      bytes[position + index] = code;
    }
    this.position = position + text.length;
    return true;
  }

  #grow(length: number, least: number): void {
    if (this.position + least > this.#limit) throw new LimitError();
    const bytes = new Uint8Array(Math.max(this.position + length, 2 * this.#bytes.length));
    bytes.set(this.written());
    this.#bytes = bytes;
  }
}

/** Returns the value of a hexadecimal digit, given its character code. */
function nibble(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}
