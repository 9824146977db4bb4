/** The forms that a language's plurals have, as CLDR names them. */
interface PluralForms {
  readonly en: Readonly<Record<'one' | 'other', string>>;
  readonly ru: Readonly<Record<'one' | 'few' | 'many' | 'other', string>>;
}

/** Languages that the app speaks. */
export type Language = keyof PluralForms;

/** Makes a text for a count: `#` in its form becomes the number, as the language writes it. */
export type Plural<L extends Language> = (forms: PluralForms[L]) => (count: number) => string;

/** Plurals of a language by the rules of CLDR, which the browser knows (`Intl.PluralRules`). */
export function pluralIn<L extends Language>(language: L): Plural<L> {
  const rules = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (forms) => (count) => {
    const byCategory: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = forms;
    return (byCategory[rules.select(count)] ?? forms.other).replace('#', number.format(count));
  };
}
