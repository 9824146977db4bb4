import { defineConfig } from 'vitest/config';
import { patient, patientGateway } from './vitest.patience.ts';

// What our files mean to Prometheus and Alertmanager, and what these mean to us, once more with those of a later Debian. All
// other tests run with the machine's own: `npx vitest run --config vitest.servers.config.ts`.
const lane = (folder: string, include: readonly string[]) => ({
  extends: `./${folder}/vitest.config.ts`,
  root: folder,
  test: { name: `${folder} (later servers)`, include: [...include] },
});

export default defineConfig({
  test: {
    globalSetup: './vitest.servers.setup.ts',
    projects: [
      lane('observability', [
        'src/rules/rules.integration.test.ts',
        'src/alerting/{routes,templates,inhibition,faults}.integration.test.ts',
        'src/dashboards/{promql,panelsAnswer}.integration.test.ts',
        'src/dashboards/boards/businessMetrics.integration.test.ts',
      ]),
      lane('packages/ops', ['src/retention/plan/applyPlan.integration.test.ts']),
      lane('packages/gateway', ['src/exposition.test.ts', 'src/outputs/prometheus.integration.test.ts']),
      lane('packages/service', [
        'src/metrics/appMetrics.test.ts',
        'src/health/slaReport.integration.test.ts',
      ]),
      {
        test: {
          ...patient,
          name: 'stack (later servers)',
          include: ['scripts/stack/stack.integration.test.ts'],
          env: patientGateway,
        },
      },
    ],
  },
});
