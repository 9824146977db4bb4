import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

/** A PrometheusRule of the Prometheus operator. */
export interface PrometheusRuleManifest {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PrometheusRule';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** What stands in the rule file, as it stands there. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A name of Kubernetes for a rule file: `recording.app.yml` is `artel-recording-app`. */
const nameOf = (file: string): string => `artel-${basename(file, '.yml').replaceAll(/[^a-z0-9]+/g, '-')}`;

/**
 * The rule files of a folder as objects of the Prometheus operator: a rule file is the `spec` of one. They are made when
 * they are applied, so that there is one source of rules.
 */
export function prometheusRules(folder: string, namespace: string): readonly PrometheusRuleManifest[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return files.sort().map((file) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: nameOf(file), namespace, labels: { 'app.kubernetes.io/part-of': 'artel-telemetry' } },
    spec: parse(readFileSync(join(folder, file), 'utf8')),
  }));
}
