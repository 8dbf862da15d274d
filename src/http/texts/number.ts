/**
 * Creates a function that formats a number as a language does: `1,234` or `7.5`.
 * Its `fractionDigits` are up to 3 by default.
 * @param decimalMark of the language
 */
export function createNumberFormat(
  language: string,
  decimalMark = '.',
): (value: number, fractionDigits?: number) => string {
  const formats = new Map<number | undefined, Intl.NumberFormat>();
  return function number(value, fractionDigits) {
    // Node takes 10 ms to load Intl, which the first page would wait for.
    if (value >= 0 && value < 999 && (fractionDigits !== undefined || Number.isInteger(value))) {
      return value.toFixed(fractionDigits).replace('.', decimalMark);
    }
    let format = formats.get(fractionDigits);
    if (!format) {
      format = new Intl.NumberFormat(language, {
        minimumFractionDigits: fractionDigits,
        maximumFractionDigits: fractionDigits,
      });
      formats.set(fractionDigits, format);
    }
    return format.format(value);
  };
}
