import { join } from 'node:path';
import { type DemoTarget, targetGroups } from '../demo/demoTarget';
import { writePrometheusFolder } from './prometheusFolder';
import type { RunningServer } from './serverProcess';
import { stackPrograms, startProgram } from './stackProgram';

/** Starts a Prometheus with the repository's configuration and rules, hurried, over the targets and itself. */
export function startPrometheus(targets: readonly DemoTarget[]): Promise<RunningServer> {
  return startProgram(
    stackPrograms.prometheus,
    ({ folder, address }) => {
      const own: DemoTarget = {
        job: 'prometheus',
        url: `http://${address}`,
        service: 'prometheus',
        environment: 'development',
      };
      return [
        `--config.file=${writePrometheusFolder(folder, targetGroups([...targets, own]))}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=${address}`,
        '--enable-feature=exemplar-storage',
      ];
    },
    { ready: '/-/ready' },
  );
}
