import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { observabilityFolder, policiesText } from '../../fixtures/policiesText';
import { createProgram } from '../../fixtures/runProgram';
import { calculateCost } from './cost';
import { parsePolicies } from './readPolicies';

const policies = parsePolicies(policiesText);
const input = { logsGbPerDay: 100, tracesGbPerDay: 10, series: 10_000, scrapeInterval: 5_000 };

it('calculates what can be calculated by hand', () => {
  const { lines, totals } = calculateCost(policies, input);
  const application = lines.filter(({ what }) => what === 'application');
  // 100 GB × 60 % ÷ 4 = 15 GB a day: 7 days hot, 23 warm, and cold up to the 365th.
  expect(application.map(({ days, gb, monthly }) => [days, gb, Number(monthly.toFixed(2))])).toEqual([
    [7, 105, 15.75],
    [23, 345, 27.6],
    [335, 5_025, 150.75],
  ]);
  const raw = lines.find(({ what }) => what === 'high_resolution');
  // 5,000 series × 17,280 samples a day × 1.5 bytes × 7 days.
  expect(raw?.gb).toBeCloseTo((5_000 * 17_280 * 1.5 * 7) / 1e9, 12);
  const errors = lines.find(({ what }) => what === 'error_traces');
  expect(errors?.monthly).toBeCloseTo(((10 * 0.02) / 4) * 30 * 0.15, 12);
  expect(totals.total).toBeCloseTo(totals.logs + totals.metrics + totals.traces, 9);
});

it('comes to the figures in the documentation', () => {
  const text = readFileSync(join(observabilityFolder, '../docs/retention.md'), 'utf8');
  const { totals, logsAfter } = calculateCost(policies, input);
  for (const dollars of [...Object.values(totals), ...logsAfter.map(({ monthly }) => monthly)])
    expect(text).toContain(`$${dollars.toFixed(2)}`);
});

it('costs twice as much for twice as much, and never less for keeping longer', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1e5, noNaN: true }),
      fc.integer({ min: 1, max: 3_000 }),
      (gb, days) => {
        const once = calculateCost(policies, { ...input, logsGbPerDay: gb });
        const twice = calculateCost(policies, { ...input, logsGbPerDay: 2 * gb });
        expect(twice.totals.logs / once.totals.logs).toBeCloseTo(2, 6);
        const { logs } = policies.retention_policies;
        const application = logs['application'];
        if (!application) throw new Error('no policy application');
        const longer = { ...application, deletion: application.deletion + days * 86_400_000 };
        const kept = { ...policies.retention_policies, logs: { ...logs, application: longer } };
        const cost = calculateCost({ ...policies, retention_policies: kept }, { ...input, logsGbPerDay: gb });
        expect(cost.totals.logs).toBeGreaterThan(once.totals.logs);
      },
    ),
    { numRuns: 100 },
  );
});

it('shows its arithmetic, every line of which comes out', async () => {
  const { code, said } = await createProgram().cost('--gb-per-day', '100');
  expect(code).toBe(0);
  const products = [
    ...said.matchAll(/= ([\d.,]+) GB\/day; × ([\d.]+) days = ([\d.,]+) GB; × \$([\d.]+)\/GB = \$([\d.]+)/g),
  ];
  expect(products).toHaveLength(23);
  let sum = 0;
  for (const [, perDay = '', days = '', gb = '', price = '', dollars = ''] of products) {
    const figure = (text: string): number => Number(text.replaceAll(',', ''));
    expect(figure(gb) / (figure(perDay) * figure(days))).toBeCloseTo(1, 2);
    expect(Math.abs(figure(gb) * figure(price) - figure(dollars))).toBeLessThan(
      0.02 + figure(dollars) / 1_000,
    );
    sum += figure(dollars);
  }
  const total = Number(/^total a month +\$([\d.]+)$/m.exec(said)?.[1]);
  expect(Math.abs(total - sum)).toBeLessThan(0.2);
  expect(said).toContain('The stated $450.00 for logs is 100 GB × 30 days × $0.15:');
  expect(said).toMatch(/total +calculated +\$300\.19 +stated +\$830\.00 +difference +-\$529\.81/);
});

it('answers in JSON, for other volumes', async () => {
  const volumes = ['--gb-per-day', '1', '--traces-gb-per-day', '2', '--series', '3'];
  const { said } = await createProgram().cost(...volumes, '--format', 'json');
  const { input: given } = JSON.parse(said);
  expect(given).toEqual({ logsGbPerDay: 1, tracesGbPerDay: 2, series: 3, scrapeInterval: 5_000 });
});

it.each([
  [[], '--gb-per-day: expected a number of 0 or more, got nothing'],
  [['--gb-per-day', 'many'], '--gb-per-day: expected a number of 0 or more, got many'],
  [['--gb-per-day', '1', '--series', '-1'], '--series'],
  [['--gb-per-day', '1', '--scrape-interval', 'often'], '--scrape-interval: expected a duration'],
  [['--gb-per-day', '1', '--format', 'xml'], '--format: expected text or json, got xml'],
])('says what is wrong with %j', async (args, message) => {
  const { code, said, complaint } = await createProgram().cost(...args);
  expect([code, said]).toEqual([2, '']);
  expect(complaint).toContain(message);
});
