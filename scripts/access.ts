// `npm run access`: makes Grafana's teams and the permissions of its folders as observability/grafana/access.yaml says.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { applyAccess } from '../packages/ops/src/access/applyAccess';
import { createGrafanaApi } from '../packages/ops/src/access/grafanaApi';
import { readAccess } from '../packages/ops/src/access/readAccess';

const observability = new URL('../observability/', import.meta.url);
const { GRAFANA_URL, GRAFANA_USER, GRAFANA_PASSWORD_FILE } = process.env;

try {
  const access = readAccess(fileURLToPath(new URL('grafana/access.yaml', observability)));
  const file =
    GRAFANA_PASSWORD_FILE || fileURLToPath(new URL('secrets/grafana_admin_password', observability));
  const login = {
    url: (GRAFANA_URL || 'https://127.0.0.1:3000').replace(/\/$/, ''),
    user: GRAFANA_USER || 'admin',
    password: readFileSync(file, 'utf8').trim(),
  };
  const done = await applyAccess(access, createGrafanaApi(login));
  console.log(done.length === 0 ? 'Everything is as it should be.' : done.join('\n'));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
