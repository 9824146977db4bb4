import { expect, it, vi } from 'vitest';
import { setSentryConsent } from './setSentryConsent';
import { allowReplay, stopReplay } from './startReplay';

vi.mock('./startReplay', () => ({ allowReplay: vi.fn(), stopReplay: vi.fn() }));

it('stops the recorder when consent is withdrawn, and lets it go on when it is given', () => {
  setSentryConsent(false);
  expect(stopReplay).toHaveBeenCalledOnce();
  expect(allowReplay).not.toHaveBeenCalled();
  setSentryConsent(true);
  expect(allowReplay).toHaveBeenCalledOnce();
});
