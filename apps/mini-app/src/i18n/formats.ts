import type { Language } from './plural';

/** Numbers, times and lists as a language writes them. */
export interface Formats {
  number(value: number): string;
  /** A score: `+3`, `0`, `−1` where signed. */
  score(value: number, signed: boolean): string;
  /** Bytes as bytes or kibibytes. */
  bytes(value: number): string;
  /** Milliseconds. */
  duration(value: number): string;
  /** Day and time of day. */
  moment(unixMs: number): string;
  /** Time of day with seconds. */
  time(unixMs: number): string;
  /** "Anna, Boris and Vera". */
  list(items: readonly string[]): string;
}

export function createFormats(language: Language): Formats {
  // Day and month in the order of Europe for both.
  const locale = language === 'en' ? 'en-GB' : language;
  const whole = new Intl.NumberFormat(locale);
  // A count of four digits is read, and copied, as one.
  const short = new Intl.NumberFormat(locale, { useGrouping: false });
  const signedWhole = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
  const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const ms = new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' });
  const units = { en: ['B', 'KiB'], ru: ['Б', 'КиБ'] } as const;
  const [byte, kibibyte] = units[language];
  return {
    number: (value) => (Math.abs(value) < 10_000 ? short : whole).format(value),
    score: (value, signed) => (signed ? signedWhole : whole).format(value),
    bytes: (value) =>
      value < 1_024 ? `${short.format(value)} ${byte}` : `${tenth.format(value / 1_024)} ${kibibyte}`,
    duration: (value) => ms.format(value),
    moment: (unixMs) => day.format(unixMs),
    time: (unixMs) => clock.format(unixMs),
    list: (items) => conjunction.format(items),
  };
}
