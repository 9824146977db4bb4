import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// One file a room, so that a bundler leaves out of the page what only the gateway needs.
const rooms = [
  'batch',
  'browserSeries',
  'catalogue',
  'checkBatch',
  'checkPoint',
  'defineMetrics',
  'endpointTemplate',
  'networkKey',
  'scrub',
  'scrubFields',
  'scrubNames',
  'serviceCatalogue',
  'utf8Length',
];

export default defineConfig([
  {
    ...base,
    // The three run side by side: each clears only what is its own.
    clean: ['*.js', '*.js.map'],
    format: ['esm'],
    splitting: true,
    dts: false,
    entry: ['src/index.ts', ...rooms.map((room) => `src/${room}.ts`)],
  },
  { ...base, format: ['cjs'], clean: false, dts: false },
  { ...base, clean: false, dts: { only: true } },
]);
