/** A value that may be used, or a message for the person who wrote it; never what they wrote. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };
