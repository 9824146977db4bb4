import type { DropReason } from './send/books';
import type { Stats } from './telemetry';

/** Whether events may be recorded, stored and sent. */
export interface Consent {
  state: Stats['consent'];
  /** Set once, by `shutdown`. */
  stopped: boolean;
  /** Whether anything may be written to the device or sent. */
  mayKeep(): boolean;
  /** Whether what is recorded now will be sent, as far as that is known. */
  isSampled(): boolean;
  /** Returns why events are refused at this moment, or `undefined`. */
  refusal(): DropReason | undefined;
}

interface ConsentDeps {
  readonly consent: boolean | 'pending';
  /** Whether this session is in the sample. */
  readonly isInSample: () => boolean;
  /** Whether the browser prerenders the page. */
  readonly isPrerendering: () => boolean;
}

export function createConsent({ consent: given, isInSample, isPrerendering }: ConsentDeps): Consent {
  const consent: Consent = {
    state: given === true ? 'granted' : given ? 'pending' : 'denied',
    stopped: false,
    mayKeep: () => consent.state === 'granted' && !consent.stopped && !isPrerendering(),
    isSampled: () => consent.state === 'granted' && !consent.refusal(),
    refusal: () =>
      consent.stopped
        ? 'shutdown'
        : consent.state === 'denied'
          ? 'consent'
          : isInSample()
            ? undefined
            : 'sampled',
  };
  return consent;
}
