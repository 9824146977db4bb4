import { compress } from 'snappyjs';
import {
  cumulative,
  type Exemplar,
  type ExposedDistribution,
  type ExposedFamily,
  type ExposedValue,
} from '../exposition';
import { boundText } from '../openMetrics';
import type { LabelPair } from '../series';
import type { MetricsBody } from './metricsPusher';
import { writeRequest } from './remoteWriteSchema';
import { wellFormed } from './wellFormed';

interface Label {
  readonly name: string;
  readonly value: string;
}

interface TimeSeries {
  readonly labels: readonly Label[];
  readonly samples: readonly { readonly value: number; readonly timestamp: number }[];
  readonly exemplars: readonly {
    readonly labels: readonly Label[];
    readonly value: number;
    readonly timestamp: number;
  }[];
}

export interface RemoteWriteOptions {
  /** Labels for every series; a label that the series has itself goes before. */
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time in ms of the samples. */
  readonly now: number;
  /** The most series of one request. */
  readonly series: number;
}

const metricType = { counter: 1, gauge: 2, histogram: 3 } as const;

/** By bytes, as the receiver compares them: `__name__` comes before small letters and after capitals. */
function byName(a: Label, b: Label): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/**
 * The bodies of remote write 1.0 for one snapshot of the series: protobuf in Snappy's block format, each with the
 * metadata of its families. https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function* remoteWriteBodies(
  families: Iterable<ExposedFamily>,
  { labels: common, now, series: most }: RemoteWriteOptions,
): Generator<MetricsBody> {
  const make = (
    name: string,
    labels: readonly LabelPair[],
    value: number,
    exemplar: Exemplar | undefined,
  ): TimeSeries => {
    const merged = new Map([...Object.entries(common), ...labels, ['__name__', name]]);
    return {
      // To Prometheus an empty label is none, and to its receivers a mistake.
      labels: [...merged]
        .filter(([, text]) => text !== '')
        .map(([label, text]) => ({ name: label, value: wellFormed(text) }))
        .sort(byName),
      samples: [{ value, timestamp: now }],
      exemplars: exemplar
        ? [
            {
              labels: [{ name: 'trace_id', value: exemplar.traceId }],
              value: exemplar.value,
              timestamp: exemplar.at,
            },
          ]
        : [],
    };
  };
  const ofValue = (name: string, { labels, value, exemplar }: ExposedValue): TimeSeries[] => [
    make(name, labels, value, exemplar),
  ];
  const ofDistribution = (name: string, one: ExposedDistribution): TimeSeries[] => [
    ...cumulative(one).map(({ bound, below }, index) =>
      make(`${name}_bucket`, [...one.labels, ['le', boundText(bound)]], below, one.exemplars?.get(index)),
    ),
    make(`${name}_sum`, one.labels, one.sum, undefined),
    make(`${name}_count`, one.labels, one.count, undefined),
  ];

  let timeseries: TimeSeries[] = [];
  let metadata: { type: number; metricFamilyName: string; help: string }[] = [];
  const take = (): MetricsBody => {
    const bytes = writeRequest.encode({ timeseries, metadata }).finish();
    const taken = { body: compress(bytes), series: timeseries.length };
    timeseries = [];
    metadata = [];
    return taken;
  };
  for (const { name, kind, help, series } of families) {
    const described = { type: metricType[kind], metricFamilyName: name, help: wellFormed(help) };
    let isDescribed = false;
    for (const one of series) {
      const made = 'value' in one ? ofValue(name, one) : ofDistribution(name, one);
      if (timeseries.length > 0 && timeseries.length + made.length > most) {
        yield take();
        isDescribed = false;
      }
      if (!isDescribed) metadata.push(described);
      isDescribed = true;
      timeseries.push(...made);
    }
  }
  if (timeseries.length > 0) yield take();
}
