import type { Board } from './board';
import { businessMetrics } from './boards/businessMetrics';
import { frontend } from './boards/frontend';
import { gateway } from './boards/gateway';
import { infrastructure } from './boards/infrastructure';
import { security } from './boards/security';
import { serviceOverview } from './boards/serviceOverview';
import { slo } from './boards/slo';

/** All dashboards of the repository. */
export const boards: readonly Board[] = [
  serviceOverview,
  frontend,
  slo,
  businessMetrics,
  infrastructure,
  gateway,
  security,
];
