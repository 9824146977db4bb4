import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** An alert of `prometheus/rules/`, as Prometheus reads it. */
export interface AlertRule {
  /** Of the file that it stands in. */
  readonly file: string;
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RecordingRule {
  readonly file: string;
  /** Name of the group, how often it is evaluated, and the name of what is recorded. */
  readonly group: string;
  readonly interval: string | undefined;
  readonly record: string;
  readonly expr: string;
}

/** What one alert is to be at a time of a test: the labels of each that fires. */
export interface ExpectedAlerts {
  readonly alert: string;
  readonly firing: readonly Readonly<Record<string, string>>[];
}

const folder = (name: string): URL => new URL(`../../prometheus/${name}/`, import.meta.url);

/** Where the rules stand, and where their tests do. */
export const ruleFolder = folder('rules');
export const ruleTestFolder = folder('rule-tests');

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function listOf(value: unknown, what: string): readonly Fields[] {
  if (!Array.isArray(value) || !value.every(isFields)) throw new TypeError(`${what}: expected a list`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw new TypeError(`${what}: expected a text`);
  return value;
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return isFields(value)
    ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
    : {};
}

function documentsIn(place: URL): readonly (readonly [file: string, content: Fields])[] {
  const files = readdirSync(place).filter((file) => file.endsWith('.yml'));
  return files.map((file) => {
    const content: unknown = parse(readFileSync(new URL(file, place), 'utf8'));
    if (!isFields(content)) throw new TypeError(`${file}: expected a mapping`);
    return [file, content];
  });
}

/** Every rule of `prometheus/rules/`. Throws a `TypeError` that names the file and the field that is no rule's. */
export function readRules(): {
  readonly alerts: readonly AlertRule[];
  readonly recordings: readonly RecordingRule[];
} {
  const alerts: AlertRule[] = [];
  const recordings: RecordingRule[] = [];
  for (const [file, { groups }] of documentsIn(ruleFolder)) {
    for (const { name, interval, rules } of listOf(groups, `${file}: groups`)) {
      const group = textOf(name, `${file}: name of a group`);
      for (const rule of listOf(rules, `${file}: rules of ${group}`)) {
        const expr = textOf(rule['expr'], `${file}: expr in ${group}`);
        if (typeof rule['alert'] === 'string') {
          const { alert, labels, annotations } = rule;
          alerts.push({ file, alert, expr, labels: textsOf(labels), annotations: textsOf(annotations) });
          continue;
        }
        const record = textOf(rule['record'], `${file}: record in ${group}`);
        const every = interval === undefined ? undefined : String(interval);
        recordings.push({ file, group, interval: every, record, expr });
      }
    }
  }
  return { alerts, recordings };
}

/** Files of `prometheus/rule-tests/`, and what their tests expect of alerts. */
export function readRuleTests(): {
  readonly files: readonly string[];
  readonly cases: readonly ExpectedAlerts[];
} {
  const documents = documentsIn(ruleTestFolder);
  const cases = documents.flatMap(([file, { tests }]) =>
    listOf(tests, `${file}: tests`).flatMap((test) =>
      listOf(test['alert_rule_test'] ?? [], `${file}: alert_rule_test`).map((expected) => ({
        alert: textOf(expected['alertname'], `${file}: alertname`),
        firing: listOf(expected['exp_alerts'], `${file}: exp_alerts`).map((one) =>
          textsOf(one['exp_labels']),
        ),
      })),
    ),
  );
  return { files: documents.map(([file]) => file), cases };
}
