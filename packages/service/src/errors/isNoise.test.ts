import { expect, it } from 'vitest';
import { isNoise } from './isNoise';

it.each([
  'GET /health',
  '/health',
  'GET /health/live',
  '/api/health/ready',
  'GET /metrics',
  'GET /static/app.js',
  '/static/a?b',
])('%s is noise', (name) => expect(isNoise(name)).toBe(true));

it.each([undefined, '', 'GET /games', 'GET /healthy', 'POST /games/static/x', 'health_check job'])(
  '%s is none',
  (name) => expect(isNoise(name)).toBe(false),
);
