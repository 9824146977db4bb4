interface Point {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly values?: readonly number[];
}

/** Adds a body's points up by name and labels: bare `JSON.parse` and a `Map`, nothing checked, nothing kept. */
export function parseAndCount(body: Buffer, sums: Map<string, number>): void {
  const { metrics } = JSON.parse(body.toString()) as { metrics: readonly Point[] };
  for (const { name, labels, value, values } of metrics) {
    let key = name;
    for (const label in labels) key += `\u0000${label}\u0000${labels[label]}`;
    let sum = sums.get(key) ?? 0;
    if (values) for (const one of values) sum += one;
    else sum += value ?? 1;
    sums.set(key, sum);
  }
}
