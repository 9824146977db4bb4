import { preview } from 'vite';
import { expect, it } from 'vitest';

it('is shown by Telegram’s web clients in a frame, and by nobody else’s page', async () => {
  const server = await preview({
    root: import.meta.dirname,
    logLevel: 'silent',
    preview: { port: 0, strictPort: false },
  });
  const address = server.httpServer.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { headers } = await fetch(`http://127.0.0.1:${port}/`);
  await server.close();
  expect(headers.get('content-security-policy')).toBe(
    "frame-ancestors 'self' https://web.telegram.org https://*.telegram.org",
  );
  expect(headers.get('x-frame-options')).toBeNull();
});
