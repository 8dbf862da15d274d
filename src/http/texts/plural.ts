/** The forms of a phrase, by the categories of `Intl.PluralRules`. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  /** Also used for categories without a form. */
  readonly other: string;
};

/** Creates a function that returns the form of a phrase for a number, by the rules of a language. */
export function createPlural(language: string): (count: number, forms: PluralForms) => string {
  // Created on first use, because it takes a millisecond.
  let rules: Intl.PluralRules | undefined;
  const categories: Intl.LDMLPluralRule[] = [];

  return function plural(count, forms) {
    let category = categories[count];
    if (category === undefined) {
      rules ??= new Intl.PluralRules(language);
      category = rules.select(count);
      // Intl takes longer than the rest of a sentence, and most counts are small.
      if (count < 100) categories[count] = category;
    }
    return forms[category] ?? forms.other;
  };
}
