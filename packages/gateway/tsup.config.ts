import { defineConfig, type Options } from 'tsup';
import { base } from '../../tsup.base';
import { livePage } from './buildLivePage';

const gateway: Options = { ...base, target: 'node22', esbuildPlugins: [livePage()] };

// The command is an entry of its own, and ESM only: nobody requires it. Only one of the two may clear dist.
export default defineConfig([
  { ...gateway, clean: ['!cli.js', '!cli.js.map'] },
  { ...gateway, entry: ['src/cli.ts'], format: ['esm'], dts: false, clean: false },
]);
