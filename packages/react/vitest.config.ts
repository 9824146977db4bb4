import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'react', environment: 'jsdom', env: { REACT_MAJOR: '19' } } });
