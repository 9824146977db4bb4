import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// The command is an entry of its own, and ESM only: nobody requires it. Only one of the two may clear dist.
export default defineConfig([
  { ...base, target: 'node20', clean: ['!cli.js', '!cli.js.map'] },
  { ...base, target: 'node20', entry: ['src/cli.ts'], format: ['esm'], dts: false, clean: false },
]);
