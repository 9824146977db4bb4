import { join } from 'node:path';
import type { RunningServer } from '../../../packages/service/src/testing/serverProcess';
import { type DemoTarget, targetGroups } from './demoTarget';
import { stackPrograms, startProgram } from './startProgram';
import { writePrometheusFolder } from './writePrometheusFolder';

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
