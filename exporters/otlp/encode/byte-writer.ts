/** Characters from which `TextEncoder` beats a loop: 48 on Node, 64 on Bun and Deno. */
const LONG = 64;
const encoder = new TextEncoder();

/** Thrown when a writer's limit is exceeded; it can go on from an earlier `position`. */
export class LimitError extends Error {}

/**
 * Writes numbers and texts into one growing array.
 *
 * A class, unlike the rest: its fields change with every byte, and `position` is set from outside.
 */
export class ByteWriter {
  /** Bytes written. Setting it back takes back what was written since. */
  position = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  readonly #limit: number;

  /**
   * @param bytes to write into, whatever they are; once they are full, a larger copy takes their place
   * @param limit bytes; writing more throws a `LimitError`, though not with the first byte
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, limit: number = Number.POSITIVE_INFINITY) {
    this.#bytes = bytes;
    this.#limit = limit;
  }

  /** What was written, or a part of it, as a view that the next writing may change. */
  written(from = 0, to: number = this.position): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, to);
  }

  /** Gives its array away, for another writer, and begins anew without one. */
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
   * Makes room. The `put` methods need it to be there: one check for several of them.
   * @param least bytes that are going to be used of it
   */
  protected reserve(length: number, least = 0): void {
    if (this.position + length > this.#bytes.length) this.#grow(length, least);
  }

  /** An integer; what does not fit into 64 bits is cut to its lowest. */
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

  /** The lowest 32 bits of an integer. */
  protected putFixed32(value: number): void {
    this.#bytes[this.position++] = value;
    this.#bytes[this.position++] = value >>> 8;
    this.#bytes[this.position++] = value >>> 16;
    this.#bytes[this.position++] = value >>> 24;
  }

  /** An integer that fits into 64 bits. */
  protected putFixed64(value: number): void {
    this.putFixed32(value >>> 0);
    this.putFixed32(Math.floor(value / 2 ** 32) >>> 0);
  }

  protected putDouble(value: number): void {
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setFloat64(this.position, value, true);
    this.position += 8;
  }

  /** Bytes from pairs of hexadecimal digits. */
  protected putHex(digits: string): void {
    for (let index = 1; index < digits.length; index += 2) {
      this.#bytes[this.position++] =
        (nibble(digits.charCodeAt(index - 1)) << 4) | nibble(digits.charCodeAt(index));
    }
  }

  /** UTF-8, with U+FFFD for a lone surrogate. Needs room for three bytes a code unit. */
  protected putText(text: string): void {
    if (text.length < LONG && this.#putAscii(text)) return;
    this.position += encoder.encodeInto(text, this.#bytes.subarray(this.position)).written;
  }

  /** Moves what was written since `start` by some bytes; `position` stays. */
  protected move(start: number, distance: number): void {
    this.reserve(distance);
    this.#bytes.copyWithin(start + distance, start, this.position);
  }

  /** Writes ASCII characters; where another is among them nothing, and returns false. */
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

/** The value of a hexadecimal digit, from its character code. */
function nibble(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}
