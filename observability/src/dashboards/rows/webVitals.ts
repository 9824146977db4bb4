import type { Row } from '../board';
import { barGauge } from '../panels/barGauge';
import { stat } from '../panels/stat';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { atMost, quantile } from '../promql';
import { instant, range } from '../queries';

const visit = 'environment=~"$environment",app=~"$app",page=~"$page",platform=~"$platform"';

/** A web vital with the bounds of https://web.dev/articles/defining-core-web-vitals-thresholds, in its own unit. */
interface Vital {
  readonly metric: string;
  readonly name: string;
  readonly words: string;
  readonly unit: 'ms' | 'none';
  readonly good: number;
  readonly poor: number;
}

const vitals: readonly Vital[] = [
  {
    metric: 'web_vital_lcp_ms',
    name: 'LCP',
    words: 'Largest Contentful Paint',
    unit: 'ms',
    good: 2_500,
    poor: 4_000,
  },
  {
    metric: 'web_vital_inp_ms',
    name: 'INP',
    words: 'Interaction to Next Paint',
    unit: 'ms',
    good: 200,
    poor: 500,
  },
  {
    metric: 'web_vital_cls',
    name: 'CLS',
    words: 'Cumulative Layout Shift',
    unit: 'none',
    good: 0.1,
    poor: 0.25,
  },
  {
    metric: 'web_vital_fcp_ms',
    name: 'FCP',
    words: 'First Contentful Paint',
    unit: 'ms',
    good: 1_800,
    poor: 3_000,
  },
  {
    metric: 'web_vital_ttfb_ms',
    name: 'TTFB',
    words: 'Time to First Byte',
    unit: 'ms',
    good: 800,
    poor: 1_800,
  },
];
const core = vitals.slice(0, 3);
const thresholdsOf = ({ good, poor }: Vital) => ['green', [good, 'orange'], [poor, 'red']] as const;
const p75 = (metric: string, by: string) =>
  `histogram_quantile(0.75, sum by (${by}le) (increase(${metric}_bucket{${visit}}[$__range]))) >= 0`;
const goodVisits = ({ metric, good }: Vital) =>
  `sum(increase(${metric}_bucket{${visit},${atMost(good)}}[$__range])) / sum(increase(${metric}_count{${visit}}[$__range]))`;

/** How fast visits felt, by the core web vitals and two more. */
export const webVitals: Row = {
  title: 'Web vitals',
  panels: [
    ...vitals.map((vital, index) =>
      stat({
        title: `${vital.name} p75`,
        description: `${vital.words}: what three of four visits stay below. Good up to ${vital.good}, poor from ${vital.poor}.`,
        width: index < 4 ? 5 : 4,
        unit: vital.unit,
        ...(vital.unit === 'none' ? { decimals: 3 } : {}),
        queries: [instant(p75(vital.metric, ''), 'p75')],
        thresholds: thresholdsOf(vital),
      }),
    ),
    barGauge({
      title: 'Good Visits',
      description:
        'Part of the visits in the time shown that were good by each vital. The aim is three of four.',
      width: 8,
      unit: 'percentunit',
      max: 1,
      queries: vitals.map((vital) => instant(goodVisits(vital), vital.name)),
      thresholds: ['red', [0.5, 'orange'], [0.75, 'green']],
    }),
    table({
      title: 'Vitals by Platform',
      description:
        'The 75th percentile of the core vitals by Telegram client, with the number of visits that said their LCP.',
      width: 8,
      labels: { platform: 'Platform' },
      columns: [
        {
          name: 'Visits',
          unit: 'short',
          expr: `sum by (platform) (increase(web_vital_lcp_ms_count{${visit}}[$__range]))`,
        },
        ...core.map((vital) => ({
          name: vital.name,
          unit: vital.unit,
          thresholds: thresholdsOf(vital),
          expr: p75(vital.metric, 'platform, '),
        })),
      ],
    }),
    table({
      title: 'Vitals by Page',
      description:
        'The 75th percentile of the core vitals by page, with the number of visits that said their LCP.',
      width: 8,
      labels: { page: 'Page' },
      columns: [
        {
          name: 'Visits',
          unit: 'short',
          expr: `sum by (page) (increase(web_vital_lcp_ms_count{${visit}}[$__range]))`,
        },
        ...core.map((vital) => ({
          name: vital.name,
          unit: vital.unit,
          thresholds: thresholdsOf(vital),
          expr: p75(vital.metric, 'page, '),
        })),
      ],
    }),
    ...core.map((vital) =>
      timeseries({
        title: `${vital.name} by Platform`,
        description: `The 75th percentile of the ${vital.words} by Telegram client. Dashed lines: needs improvement, poor.`,
        width: 8,
        unit: vital.unit,
        queries: [range(quantile(0.75, vital.metric, visit, ['platform']), '{{platform}}')],
        thresholds: thresholdsOf(vital),
      }),
    ),
  ],
};
