/** The other end's own words, to go on with a sentence. */
export function says(message: string): string {
  return message === '' ? '' : `, saying "${message}"`;
}
