import type { NextConfig } from 'next';

const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4320';

const config: NextConfig = {
  // The page sends to its own origin: no CORS, and no ad blocker knows the address.
  rewrites: async () => [{ source: '/api/metrics', destination: `${gateway}/api/metrics` }],
};

export default config;
