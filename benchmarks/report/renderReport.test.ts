import { describe, expect, it } from 'vitest';
import { type Delivery, summarize } from '../measure/deliverySummary';
import type { Wire } from '../measure/wire';
import { renderReport } from './renderReport';
import { NO_RESULTS, type Results } from './results';

const wire = (bytesPerEvent: number): Wire => ({ requests: 1, bytes: 1_000 * bytesPerEvent, bytesPerEvent });

const run = (delivered: number, duplicates = 0): Delivery => ({
  sent: 5_000,
  delivered,
  duplicates,
  lastArrival: 2.5,
});

const reportOf = (libraries: Results['libraries'], environments: Results['environments'] = {}) =>
  renderReport({ environments, libraries });

/** The cells of a row of the section, without its title. */
function row(report: string, section: string, title: string): readonly string[] {
  const [, rest = ''] = report.split(`## ${section}\n`);
  const [text = ''] = rest.split('\n## ');
  const rows = text.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.find(([first]) => first === title)?.slice(1) ?? [];
}

describe('the report', () => {
  it('compares with ours where both were measured', () => {
    const report = reportOf({ ours: { wire: wire(2) }, faro: { wire: wire(100) }, sentry: {} });
    expect(row(report, 'Ratios', 'Grafana Faro')).toEqual(['–', '–', '–', '–', '–', '50.0×']);
    expect(row(report, 'Ratios', 'Sentry')).toEqual([]);
    expect(row(report, 'Ratios', 'Artel Telemetry')).toEqual([]);
  });

  it('gives the share of all runs, the worst run, and the runs that lost or doubled', () => {
    const deliveries = {
      'no-fault': summarize([run(5_000), run(5_000)]),
      refused: summarize([run(5_000), run(2_500)]),
      unanswered: summarize([run(5_000, 7), run(5_000)]),
      offline: summarize([run(0), run(0)]),
    };
    expect(row(reportOf({ faro: { deliveries } }), 'Delivery', 'Grafana Faro')).toEqual([
      '100 % (0 of 2)',
      '75.0 % (worst 50.0 %, 1 of 2)',
      '100 %, 7 twice (worst 100 %, 1 of 2)',
      '0 % (worst 0 %, 2 of 2)',
      '–',
      '–',
    ]);
  });

  it('never rounds a loss away', () => {
    const [noFault] = row(
      reportOf({
        faro: { deliveries: { 'no-fault': summarize([run(4_999)]), refused: summarize([run(1)]) } },
      }),
      'Delivery',
      'Grafana Faro',
    );
    expect(noFault).toBe('99.9 % (worst 99.9 %, 1 of 1)');
  });

  it('names each environment once, with the parts measured in it', () => {
    const report = reportOf({}, { wire: 'Monday.', tasks: 'Monday.', delivery: 'Tuesday.' });
    expect(report).toContain('- wire, tasks: Monday.\n- delivery: Tuesday.');
  });

  it('shows how long a library was waited for beside its latest arrival', () => {
    const report = reportOf({ faro: { deliveries: { refused: summarize([run(5_000)]) } } });
    expect(row(report, 'How long a delivery is waited for', 'Grafana Faro')).toEqual(['12', '2.5']);
  });

  it('can be written before anything was measured', () => {
    expect(renderReport(NO_RESULTS)).toContain('## Method');
  });
});
