import { defineConfig, type Options } from 'tsup';
import { base } from '../../tsup.base';

const ops: Options = { ...base, target: 'node22' };

// The command is an entry of its own and ESM only: nobody requires it. It loads all else from the library beside it.
// Only one of the two may clear dist.
export default defineConfig([
  { ...ops, clean: ['!cli.js', '!cli.js.map'] },
  { ...ops, entry: ['src/cli.ts'], format: ['esm'], external: [/^\.\/index\.js$/], dts: false, clean: false },
]);
