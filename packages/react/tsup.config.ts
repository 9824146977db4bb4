import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

// Hooks and boundaries run on the client; server frameworks look for the directive on the first line.
export default defineConfig({ ...base, banner: { js: '"use client";' } });
