import { defineConfig } from 'tsup';
import { browser } from '../../tsup.base';

// One file a room, so that a bundler leaves out of the page what only the gateway needs.
const rooms = [
  'batch',
  'browserSeries',
  'catalogue',
  'checkBatch',
  'checkPoint',
  'endpointTemplate',
  'scrub',
  'utf8Length',
];

export default defineConfig([
  {
    ...browser,
    // The three run side by side: each clears only what is its own.
    clean: ['*.js', '*.js.map'],
    format: ['esm'],
    splitting: true,
    dts: false,
    entry: ['src/index.ts', ...rooms.map((room) => `src/${room}.ts`)],
  },
  { ...browser, format: ['cjs'], clean: false, dts: false },
  { ...browser, clean: false, dts: { only: true } },
]);
