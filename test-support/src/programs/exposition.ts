/** Sum of the samples of `name` whose labels include `labels`, read from a Prometheus exposition. */
export function sumSamples(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const [, sample, set = '', value] = /^([\w:]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (sample !== name) continue;
    if (Object.entries(labels).every(([label, wanted]) => set.includes(`${label}="${wanted}"`)))
      sum += Number(value);
  }
  return sum;
}

/** Reads sums as `sumSamples` does from what a server exposes at `/metrics` now. */
export const counterOf =
  (url: string) =>
  async (name: string, labels?: Readonly<Record<string, string>>): Promise<number> =>
    sumSamples(await (await fetch(`${url}/metrics`)).text(), name, labels);
