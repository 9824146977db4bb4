import { afterEach, expect, it, vi } from 'vitest';
import { gateTransport, openGate } from './gateTransport';

afterEach(() => openGate(true));

it('lets envelopes through while it is open, and none while it is shut', async () => {
  const send = vi.fn(() => Promise.resolve({ statusCode: 200 }));
  const make = gateTransport(() => ({ send, flush: () => Promise.resolve(true) }));
  const transport = make({ url: 'https://sentry.example', recordDroppedEvent: () => {} });
  openGate(false);
  expect(await transport.send([{}, []])).toEqual({});
  expect(send).not.toHaveBeenCalled();
  openGate(true);
  expect(await transport.send([{}, []])).toEqual({ statusCode: 200 });
  expect(send).toHaveBeenCalledOnce();
});
