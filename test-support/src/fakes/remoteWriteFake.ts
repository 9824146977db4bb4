import { uncompressSync } from 'snappy';
import { createFakeEnd, type FakeEnd, need } from './fakeEnd';
import { publishedRemoteWrite } from './published';
import { type Decoded, messages, strictDecode } from './strictDecode';

export interface RemoteWriteFake extends FakeEnd {
  /** Samples of each series in the order of their arrival, by its labels as text. */
  readonly series: ReadonlyMap<string, readonly { readonly value: number; readonly timestamp: bigint }[]>;
  readonly exemplars: ReadonlyMap<string, { readonly traceId: string; readonly value: number }>;
  /** Type of each family by its name: 1 a counter, 2 a gauge, 3 a histogram. */
  readonly types: ReadonlyMap<string, number>;
}

const request = publishedRemoteWrite.lookupType('prometheus.WriteRequest');

/** Labels as the specification wants them. https://prometheus.io/docs/specs/prw/remote_write_spec/#labels */
function labelsOf(series: Decoded, isSeries: boolean): readonly (readonly [name: string, value: string])[] {
  const labels = messages(series, 'labels').map(({ name, value }) => {
    need(typeof name === 'string' && typeof value === 'string' && value !== '', `label ${name}: is empty`);
    need(/^[a-zA-Z_]\w*$/.test(name), `label ${name}: is no name`);
    return [name, value] as const;
  });
  labels.forEach(([name], index) => {
    const before = labels[index - 1]?.[0];
    need(
      before === undefined || Buffer.compare(Buffer.from(before), Buffer.from(name)) < 0,
      `labels: ${name} out of order`,
    );
  });
  const own = labels.find(([name]) => name === '__name__')?.[1];
  if (isSeries) need(own !== undefined && /^[a-zA-Z_:][\w:]*$/.test(own), 'labels: no __name__');
  return labels;
}

/** A receiver of Prometheus remote write 1.0 that decodes by the published schema and forgives nothing. */
export async function createRemoteWriteFake(): Promise<RemoteWriteFake> {
  const series = new Map<string, { value: number; timestamp: bigint }[]>();
  const exemplars = new Map<string, { traceId: string; value: number }>();
  const types = new Map<string, number>();

  const end = await createFakeEnd(({ method, path, headers, raw }) => {
    need(method === 'POST' && path === '/api/v1/write', `${method} ${path}: not found`);
    need(headers['content-type'] === 'application/x-protobuf', `content-type: ${headers['content-type']}`);
    need(headers['content-encoding'] === 'snappy', `content-encoding: ${headers['content-encoding']}`);
    need(headers['x-prometheus-remote-write-version'] === '0.1.0', 'no version');
    need(/^\S+/.test(headers['user-agent'] ?? ''), 'no user agent');
    const decoded = strictDecode(request, Buffer.from(uncompressSync(raw)));
    const seen = new Set<string>();
    for (const one of messages(decoded, 'timeseries')) {
      const id = labelsOf(one, true)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(',');
      need(!seen.has(id), `${id}: stands twice`);
      seen.add(id);
      const samples = messages(one, 'samples');
      need(samples.length > 0, `${id}: has no samples`);
      const kept = series.get(id) ?? [];
      for (const { value = 0, timestamp } of samples) {
        need(typeof value === 'number' && typeof timestamp === 'bigint', `${id}: a sample without its parts`);
        need(timestamp > BigInt(Date.now() - 3_600_000), `${id}: ${timestamp} is no time in ms`);
        const last = kept.at(-1);
        need(last === undefined || last.timestamp < timestamp, `${id}: out of order sample`);
        kept.push({ value, timestamp });
      }
      series.set(id, kept);
      for (const exemplar of messages(one, 'exemplars')) {
        const { value = 0, timestamp } = exemplar;
        const traceId = labelsOf(exemplar, false).find(([name]) => name === 'trace_id')?.[1];
        need(traceId !== undefined && /^[\da-f]{32}$/.test(traceId), `${id}: an exemplar without a trace`);
        need(
          typeof value === 'number' && typeof timestamp === 'bigint',
          `${id}: an exemplar without its parts`,
        );
        exemplars.set(id, { traceId, value });
      }
    }
    for (const { type, metricFamilyName, help } of messages(decoded, 'metadata')) {
      need(typeof metricFamilyName === 'string' && typeof help === 'string', 'metadata: no name or help');
      types.set(metricFamilyName, Number(type));
    }
    return { status: 204 };
  });
  return { ...end, series, exemplars, types };
}
