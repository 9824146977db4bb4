import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RunningServer } from './serverProcess';
import { stackPrograms, startProgram } from './stackProgram';

/** Starts an Alertmanager that tells nobody. */
export function startAlertmanager(): Promise<RunningServer> {
  return startProgram(
    stackPrograms.alertmanager,
    ({ folder, address }) => {
      const config = join(folder, 'alertmanager.yml');
      writeFileSync(config, stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }));
      return [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ];
    },
    { ready: '/-/ready' },
  );
}
