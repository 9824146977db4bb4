import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// Each room is an entry of its own, so that an app which wants one needs the peers of no other.
export default defineConfig({
  ...base,
  target: 'node22',
  entry: [
    'src/index.ts',
    'src/logging/index.ts',
    'src/metrics/index.ts',
    'src/tracing/index.ts',
    'src/errors/index.ts',
    'src/security/index.ts',
    'src/health/index.ts',
    'src/instruments/index.ts',
  ],
});
