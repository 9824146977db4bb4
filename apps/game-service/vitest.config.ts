import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'game-service', include: ['src/**/*.test.ts'] } });
