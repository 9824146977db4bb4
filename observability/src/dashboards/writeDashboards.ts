// Writes the dashboards into grafana/dashboards/: `npm run dashboards`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { boards } from './boards';
import { dashboardsFolder, fileOf, textOf } from './folder';

rmSync(dashboardsFolder, { recursive: true, force: true });
for (const board of boards) {
  const path = join(dashboardsFolder, fileOf(board));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOf(board));
}
process.stdout.write(`${boards.length} dashboards in ${dashboardsFolder}\n`);
