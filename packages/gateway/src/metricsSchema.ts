import { browserCatalogue, labelNameProblem, limits, metricNameProblem } from '@artel/telemetry-protocol';
import { z } from 'zod';

const wrong = (expected: string) => ({ error: `expected ${expected}` });

const MAX_METRICS = 1_000;
const MAX_VALUES = 1_000;
const MAX_BUCKETS = 50;

const textsExpected = wrong(
  `a list of 1 to ${MAX_VALUES} texts of at most ${limits.labelValueLength} characters`,
);
const texts = z
  .array(
    z.string(textsExpected).min(1, textsExpected).max(limits.labelValueLength, textsExpected),
    textsExpected,
  )
  .min(1, textsExpected)
  .max(MAX_VALUES, textsExpected);

const label = z.union([texts, z.literal('string')], wrong('a list of the allowed texts, or string'));
const scalar = z.union([texts, z.enum(['string', 'number', 'boolean'])]);
const field = z.union(
  [scalar, z.strictObject({ optional: scalar })],
  wrong('a list of the allowed texts, string, number, boolean, or one of them as {optional}'),
);

const labels = z
  .record(z.string(), label, wrong('a mapping of labels'))
  .refine(
    (all) => Object.keys(all).length <= limits.labelsPerPoint,
    wrong(`at most ${limits.labelsPerPoint} labels`),
  )
  .superRefine((all, context) => {
    for (const name of Object.keys(all)) {
      const message = labelNameProblem(name);
      if (message) context.addIssue({ code: 'custom', path: [name], message });
    }
  });

const counter = z.strictObject(
  { help: z.string(wrong('a line of text')).min(1, wrong('a line of text')), labels: labels.optional() },
  wrong('a mapping of help and labels'),
);

const bucketsExpected = wrong(`1 to ${MAX_BUCKETS} ascending numbers`);
const units = ['ms', 'seconds', 'bytes', 'ratio', 'percent'] as const;
const histogram = counter.extend({
  unit: z.enum(units, wrong(`one of ${units.join(', ')}`)).optional(),
  buckets: z
    .array(z.number(bucketsExpected), bucketsExpected)
    .min(1, bucketsExpected)
    .max(MAX_BUCKETS, bucketsExpected)
    .refine((all) => all.every((bound, at) => at === 0 || bound > (all[at - 1] ?? 0)), bucketsExpected)
    .optional(),
});

/** Metrics by name, with every problem of a name: the kind of a metric must follow from its name wherever it comes from. */
function named<T extends z.ZodType>(
  metric: T,
  problem: (name: string, metric: z.output<T>) => string | undefined,
) {
  return z
    .record(z.string(), metric, wrong('a mapping of metrics'))
    .refine((all) => Object.keys(all).length <= MAX_METRICS, wrong(`at most ${MAX_METRICS} metrics`))
    .superRefine((all, context) => {
      for (const [name, one] of Object.entries(all)) {
        const message = browserCatalogue.has(name)
          ? "is the catalogue's own already, expected another name"
          : (metricNameProblem(name) ?? problem(name, one));
        if (message) context.addIssue({ code: 'custom', path: [name], message });
      }
    });
}

/** What `defineMetrics` of the protocol package answers, as JSON holds it. */
export const metricsSchema = z.strictObject(
  {
    actions: z
      .record(
        z.string(),
        z.record(z.string(), field, wrong('a mapping of fields')),
        wrong('a mapping of actions'),
      )
      .optional(),
    gameEvents: z
      .strictObject({ eventTypes: texts, gameTypes: texts }, wrong('a mapping of eventTypes and gameTypes'))
      .optional(),
    counters: named(counter, (name) =>
      name.endsWith('_total') ? undefined : 'is a counter, expected a name that ends in _total',
    ).optional(),
    histograms: named(histogram, (name, { unit }) => {
      if (/_(?:total|sum|count)$/.test(name))
        return 'is a histogram, expected a name that does not end in _total, _sum or _count';
      return unit === undefined || name.endsWith(`_${unit}`)
        ? undefined
        : `is in ${unit}, expected a name that ends in _${unit}`;
    }).optional(),
  },
  wrong(
    'the path of a JSON, YAML or module file, or a mapping of actions, gameEvents, counters and histograms',
  ),
);

/** What an app has declared. */
export type DeclaredMetrics = z.output<typeof metricsSchema>;
