import { readFileSync } from 'node:fs';
import { defineCommand } from '../command';
import { applyAccess, readAccess } from './access';
import { createGrafanaApi } from './grafanaApi';

const PASSWORD_FILE = 'observability/secrets/grafana_admin_password';

export const accessCommand = defineCommand({
  name: 'access',
  summary: "makes Grafana's teams and the permissions of its folders",
  help: `artel-ops access [options]

Makes Grafana's teams, their members and the permissions of folders as the file says. Changes
nothing if Grafana does not know a member or a folder.

  --config FILE         observability/grafana/access.yaml

Environment:
  GRAFANA_URL           https://127.0.0.1:3000
  GRAFANA_USER          admin
  GRAFANA_PASSWORD_FILE ${PASSWORD_FILE}
  NODE_EXTRA_CA_CERTS   Grafana's certificate, if it is self-signed
`,
  options: { config: { type: 'string', default: 'observability/grafana/access.yaml' } },
  async run({ values }, { environment, print }) {
    const access = readAccess(values.config);
    const { GRAFANA_URL, GRAFANA_USER, GRAFANA_PASSWORD_FILE } = environment;
    const grafana = createGrafanaApi({
      url: (GRAFANA_URL || 'https://127.0.0.1:3000').replace(/\/$/, ''),
      user: GRAFANA_USER || 'admin',
      password: readFileSync(GRAFANA_PASSWORD_FILE || PASSWORD_FILE, 'utf8').trim(),
    });
    const done = await applyAccess(access, grafana);
    print(done.length === 0 ? 'Everything is as it should be.\n' : `${done.join('\n')}\n`);
    return 0;
  },
});
