import { defineConfig } from 'tsup';
import { twoBuilds } from '../../tsup.base';

export default defineConfig(() => twoBuilds({ entry: ['src/index.ts', 'src/testing/index.ts'] }));
