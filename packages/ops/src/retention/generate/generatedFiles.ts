import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Policies } from '../policySchema';
import { lokiConfig, s3Lifecycle } from './lokiConfig';
import { downsamplingRules, mimirOverrides, prometheusFlags, remoteWrite } from './metricsConfig';
import { tempoConfig, tempoOverrides } from './tempoConfig';
import { traceSampling } from './traceSampling';

/** A value as the text of a generated YAML file. */
function toYaml(what: string, value: unknown): string {
  return [
    `# ${what}`,
    '# Generated from retention/retention-policies.yml by `artel-ops retention generate`: change it there.',
    stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }),
  ].join('\n');
}

/** Every file that is made from the policies: its text by its path below the folder `observability`. */
export function generatedFiles(policies: Policies): ReadonlyMap<string, string> {
  const s3 = 'S3 or what speaks like it; run with -config.expand-env=true';
  return new Map([
    [
      'loki/loki.yaml',
      toYaml('One Loki with its files on this machine.', lokiConfig(policies, 'filesystem')),
    ],
    ['loki/loki-s3.yaml', toYaml(`One Loki on ${s3}.`, lokiConfig(policies, 's3'))],
    ['loki/s3-lifecycle.json', `${JSON.stringify(s3Lifecycle(policies), null, 2)}\n`],
    [
      'tempo/tempo.yaml',
      toYaml('One Tempo with its files on this machine.', tempoConfig(policies, 'filesystem')),
    ],
    ['tempo/tempo-s3.yaml', toYaml(`One Tempo on ${s3}.`, tempoConfig(policies, 's3'))],
    [
      'tempo/overrides.yaml',
      toYaml(
        'A tenant has all its limits here: what is left out Tempo takes for 0.',
        tempoOverrides(policies),
      ),
    ],
    ['alloy/traces.alloy', traceSampling(policies)],
    ['prometheus/storage.flags', prometheusFlags(policies)],
    [
      'prometheus/rules/downsampling.yml',
      toYaml('The levels that outlive raw samples.', downsamplingRules(policies)),
    ],
    ['mimir/overrides.yaml', toYaml('Mimir: a tenant for each class of series.', mimirOverrides(policies))],
    [
      'mimir/remote-write.yml',
      toYaml('A part of prometheus.yml, for a Prometheus that writes to Mimir.', remoteWrite(policies)),
    ],
  ]);
}

/** Paths below `root` of the files that differ from what the policies make. */
export function staleFiles(policies: Policies, root: string): readonly string[] {
  return [...generatedFiles(policies)].flatMap(([path, text]) => {
    const at = join(root, path);
    return existsSync(at) && readFileSync(at, 'utf8') === text ? [] : [path];
  });
}

/** Writes the stale files below `root`, and returns their paths. */
export function generate(policies: Policies, root: string): readonly string[] {
  const files = generatedFiles(policies);
  const stale = staleFiles(policies, root);
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
  }
  return stale;
}
