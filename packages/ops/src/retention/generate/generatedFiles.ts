import type { Policies } from '../policySchema';
import { downsamplingRules } from './downsamplingRules';
import { lokiConfig } from './lokiConfig';
import { mimirOverrides, remoteWrite } from './mimirConfig';
import { prometheusFlags } from './prometheusFlags';
import { s3Lifecycle } from './s3Lifecycle';
import { tempoConfig, tempoOverrides } from './tempoConfig';
import { toYaml } from './toYaml';
import { traceSampling } from './traceSampling';

/** Every file that is made of the policies: its text by its path below `observability`. */
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
