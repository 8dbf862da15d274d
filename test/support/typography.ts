/** Signs of careless French typography, each with what is expected. */
const FRENCH: readonly (readonly [breach: RegExp, expected: string])[] = [
  [/\p{L}'/u, 'a typographic apostrophe'],
  [/[^\u202f|][;!?](?=\s|$)/, 'a narrow no-break space before ; ! ?'],
  [/[^\u00a0]:(?=\s|$)/, 'a no-break space before :'],
  [/«[^\u00a0]|[^\u00a0]»/, 'no-break spaces within « »'],
  [/\d (?:[mµ]?s|%|h|[kM]o)(?!\p{L})/u, 'a no-break space before a unit'],
  [/\d \d{3}(?!\d)/, 'a narrow no-break space within a number'],
];

const HINDI: readonly (readonly [breach: RegExp, expected: string])[] = [
  [/\p{Script=Devanagari}\p{M}*["']|["']\p{Script=Devanagari}/u, 'typographic quotation marks'],
  [/[\p{L}\p{M})]\.(?:\s|$)/u, 'a danda at the end of a sentence'],
  [
    /बाकी|कतार|बगल|कीमत|फर्क|तरीक(?!़)|खाली|ज्याद|फाइल|सिर्फ(?!़)|खत्म|जरूर|खुद|गलत|आखिर|फोल्डर|नुकसान|खर्च|लायक(?!़)|काफी|चीज(?!़)/,
    'a nukta',
  ],
];

/** Returns the typographic mistakes of a French text without code, as sentences. */
export function frenchBreaches(text: string): string[] {
  return breachesOf(text, FRENCH);
}

/** Returns the typographic mistakes of a Hindi text without code, as sentences. */
export function hindiBreaches(text: string): string[] {
  const breaches = breachesOf(text, HINDI);
  return text.normalize('NFC') === text ? breaches : [...breaches, 'a text is not in NFC'];
}

function breachesOf(text: string, rules: typeof FRENCH): string[] {
  return text
    .split('\n')
    .flatMap((line) =>
      rules
        .filter(([breach]) => breach.test(line))
        .map(([, expected]) => `"${line}" needs ${expected}`),
    );
}
