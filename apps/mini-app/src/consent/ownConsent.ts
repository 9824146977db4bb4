import { consentAtStart, createConsentBook } from './consent';

/** The device's own answer. */
export const consentBook = createConsentBook(() => window.localStorage);

/** What the telemetry starts with. */
export const startingConsent = consentAtStart(consentBook.answer(), document);
