import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: { name: 'mini-app', include: ['*.test.ts', 'src/**/*.test.{ts,tsx}'] },
});
