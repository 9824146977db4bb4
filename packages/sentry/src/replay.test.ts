import type * as SentryReact from '@sentry/react';
import { replayIntegration } from '@sentry/react';
import { expect, it, vi } from 'vitest';
import { createReplay } from './replay';

vi.mock('@sentry/react', async (original) => ({
  ...(await original<typeof SentryReact>()),
  replayIntegration: vi.fn(),
}));

it('masks text and inputs, blocks media, takes no bodies and scrubs what it adds to the recording', () => {
  createReplay();
  const options = vi.mocked(replayIntegration).mock.calls[0]?.[0];
  expect(options).toMatchObject({
    maskAllText: true,
    maskAllInputs: true,
    blockAllMedia: true,
    networkDetailAllowUrls: [],
    networkCaptureBodies: false,
  });
  const scrubbed = options?.beforeAddRecordingEvent?.({
    type: 5,
    timestamp: 1,
    data: {
      tag: 'breadcrumb',
      payload: {
        type: 'default',
        timestamp: 1,
        category: 'console',
        message: 'at https://a.example/?token=1',
      },
    },
  });
  expect(JSON.stringify(scrubbed)).toContain('at https://a.example/"');
});
