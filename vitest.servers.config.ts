import { defineConfig } from 'vitest/config';
import { patient } from './vitest.patience.ts';

// What our files mean to Prometheus and Alertmanager, and what these mean to us. `npm test` runs these files a second time, with
// the servers of a later Debian in PROMETHEUS_PATH, PROMTOOL_PATH, ALERTMANAGER_PATH and AMTOOL_PATH; all others it runs with
// the machine's own alone.
const filesOf = (folder: string, ...include: readonly string[]) => ({
  extends: `./${folder}/vitest.config.ts`,
  root: folder,
  test: { name: `${folder}, later servers`, include: [...include] },
});

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      filesOf(
        'observability',
        'src/rules/rules.test.ts',
        'src/alerting/{faults,inhibition,routes,templates}.test.ts',
        'src/dashboards/{panelsAnswer,promql}.test.ts',
        'src/dashboards/boards/businessMetrics.test.ts',
      ),
      filesOf('packages/gateway', 'src/exposition.test.ts', 'src/outputs/prometheus.test.ts'),
      filesOf('packages/ops', 'src/retention/plan/applyPlan.test.ts'),
      filesOf('packages/service', 'src/metrics/appMetrics.test.ts', 'src/health/slaReport.test.ts'),
      { test: { ...patient, name: 'scripts, later servers', include: ['scripts/stack/stack.test.ts'] } },
    ],
  },
});
