import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

export default defineConfig({
  plugins: [react()],
  test: {
    ...patient,
    name: 'mini-app',
    setupFiles: [...patient.setupFiles, 'vitest.setup.ts'],
    include: ['*.test.ts', 'src/**/*.test.{ts,tsx}'],
  },
});
