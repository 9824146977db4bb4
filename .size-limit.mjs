// Size budgets: bytes that a page loads, bundled, minified, compressed with brotli. Whoever adds bytes raises the budget here.
// The goals are 6 kB for the core without web vitals, 9 kB with all integrations, and 1.5 kB more for the React bindings.
const core = 'packages/core/dist/index.js';
const react = 'packages/react/dist/index.js';
const usual = 'apiCalls, createTelemetry, errors, pageLoad';

const asInProduction = (config) => ({
  ...config,
  target: 'es2020',
  define: { 'process.env.NODE_ENV': '"production"' },
});

/** Without `names`, the whole module counts. */
const budget = (name, path, limit, names) => ({
  name,
  path,
  ...(names ? { import: `{ ${names} }` } : {}),
  limit,
  ignore: ['react', '@artel/telemetry-sentry'],
  modifyEsbuildConfig: asInProduction,
});

export default [
  budget('core without web vitals', core, '11.05 kB', usual),
  budget('core with web vitals', core, '14.05 kB', `${usual}, webVitals`),
  budget('core with web vitals and telegram()', core, '15.4 kB', `${usual}, telegram, webVitals`),
  budget('React: start, boundary and hook', react, '15.69 kB', 'ErrorBoundary, initTelemetry, useMetrics'),
  budget('React: every export', react, '17.5 kB'),
];
