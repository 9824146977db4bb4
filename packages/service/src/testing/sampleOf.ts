/** What can be shown as metrics. */
interface Exposable {
  expose(accept?: string): Promise<{ readonly body: string }>;
}

/** The value of one series as the metrics' page has it (`a_total{b="c",service="d"}`), or nothing. */
export async function sampleOf(metrics: Exposable, series: string): Promise<number | undefined> {
  const { body } = await metrics.expose();
  const line = body.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
