import { configDefaults, defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

export default defineConfig({
  define: { __DEV__: 'true' },
  test: {
    ...patient,
    name: 'core',
    environment: 'node',
    exclude: [...configDefaults.exclude, '**/*.production.test.ts'],
  },
});
