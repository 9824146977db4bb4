import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMissing, pathOf } from '@artel/test-support/programs/findProgram';
import { stringify } from 'yaml';

/** Series as promtool writes them, by name: `0+10x6` is 0, 10, …, 60. */
export type GivenSeries = Readonly<Record<string, string>>;

/** One expression, when it is asked, and what has to come of it: values by series, as Prometheus writes them. */
export interface Expected {
  readonly expr: string;
  /** After the first sample, such as `1d`. */
  readonly at: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Where there is no promtool the tests are skipped; in CI they fail. */
export const withoutPromtool = isMissing('promtool');

/**
 * Has promtool evaluate expressions over given series, with `interval` between samples, and answers what it complains
 * of; nothing where every expression gives what is expected. The first sample is at midnight UTC.
 */
export function complaintsOf(
  interval: string,
  series: GivenSeries,
  expected: readonly Expected[],
): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'artel-promtool-'));
  try {
    const file = join(folder, 'test.yml');
    const test = {
      interval,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: expected.map(({ expr, at, values }) => ({
        expr,
        eval_time: at,
        exp_samples: Object.entries(values).map(([labels, value]) => ({ labels, value })),
      })),
    };
    writeFileSync(file, stringify({ rule_files: [], evaluation_interval: interval, tests: [test] }));
    const { status, stdout, stderr } = spawnSync(pathOf('promtool'), ['test', 'rules', file], {
      encoding: 'utf8',
    });
    return status === 0 ? undefined : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
