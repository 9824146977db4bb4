import { defineConfig } from 'tsup';
import { twoBuilds } from '../../tsup.base';

export default defineConfig(() => twoBuilds({}));
