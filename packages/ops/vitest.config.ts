import { defineConfig } from 'vitest/config';
import { patient } from '../../vitest.patience.ts';

export default defineConfig({ test: { ...patient, name: 'ops', environment: 'node' } });
