import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

export default defineConfig({
  define: { __DEV__: 'true' },
  test: { ...patient, name: 'react', environment: 'jsdom', env: { REACT_MAJOR: '19' } },
});
