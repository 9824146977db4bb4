import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

const entries = ['src/index.ts', 'src/scrub/index.ts', 'src/check/index.ts'];

// In ESM every source file is a file of its own, so that a bundler can leave out, or load later, what a page does not need
// at its start.
export default defineConfig([
  {
    ...base,
    // The three builds run side by side: each clears only its own files.
    clean: ['**/*.js', '**/*.js.map'],
    format: ['esm'],
    splitting: true,
    dts: false,
    entry: ['src/**/*.ts', '!src/**/*.test.ts'],
  },
  { ...base, format: ['cjs'], clean: false, dts: false, entry: entries },
  { ...base, clean: false, dts: { only: true }, entry: entries },
]);
