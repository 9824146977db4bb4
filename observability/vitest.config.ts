import { defineConfig } from 'vitest/config';
import { patient, patientGateway } from '../vitest.patience.ts';

export default defineConfig({
  test: { ...patient, name: 'observability', environment: 'node', env: patientGateway },
});
