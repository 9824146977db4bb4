const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `1,234`, and from a million on `1.2M`. */
export function count(value: number): string {
  return Math.abs(value) >= 1_000_000 ? short.format(value) : whole.format(value);
}

/** A rate by the second: two digits that matter, and no more. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value < 1) return value.toFixed(2);
  return value < 10 ? value.toFixed(1) : count(value);
}

/** `840 ms`, `2.4 s`. At `most` it is that or more. */
export function duration(ms: number | null, most = Number.POSITIVE_INFINITY): string {
  if (ms === null) return '–';
  const sign = ms >= most ? '≥ ' : '';
  if (ms < 10 && ms > 0) return `${sign}${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${sign}${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  return `${sign}${seconds < 9.995 ? seconds.toFixed(2).replace(/\.?0+$/, '') : Math.round(seconds)} s`;
}

/** Seconds, as one would say them: `now`, `12 s`, `3 min`, `2 h`. */
function age(seconds: number): string {
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h`;
}

/** How far behind: `0.4 s`, `12 s`, `3 min`. */
export function lag(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : age(seconds);
}

export function ago(ms: number, now: number): string {
  const text = age(Math.max(0, (now - ms) / 1_000));
  return text === 'now' ? 'just now' : `${text} ago`;
}

/** `14:05:09` in the reader's own time. */
export function timeOfDay(ms: number): string {
  return clock.format(ms);
}

export function percent(part: number, of: number): string {
  if (of === 0) return '–';
  const share = (part / of) * 100;
  return `${share > 0 && share < 1 ? '<1' : share > 99 && share < 100 ? '>99' : Math.round(share)} %`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
