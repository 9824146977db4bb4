/** What the player said of usage data; `undefined` before being asked. */
export type Answer = 'granted' | 'denied' | undefined;

/** Keeps the answer on the device. */
export interface ConsentBook {
  answer(): Answer;
  /** Notes an answer. */
  write(granted: boolean): void;
}

const KEY = 'artel-billiards/consent';

export function createConsentBook(storage: () => Storage): ConsentBook {
  let written: Answer;
  return {
    answer() {
      try {
        const kept = storage().getItem(KEY);
        return kept === 'granted' || kept === 'denied' ? kept : written;
      } catch {
        return written;
      }
    },
    write(granted) {
      written = granted ? 'granted' : 'denied';
      try {
        storage().setItem(KEY, written);
      } catch {
        // Storage is off: the answer lasts as long as the page, and the next opening asks again.
      }
    },
  };
}

/**
 * The client's `consent` option at the start. A player who has not answered is counted until he says no, unless the page
 * is to ask first: `<meta name="telemetry-consent" content="ask">`, for places whose law wants that.
 */
export function consentAtStart(answer: Answer, page: Document): boolean | 'pending' {
  if (answer !== undefined) return answer === 'granted';
  const policy = page.querySelector<HTMLMetaElement>('meta[name="telemetry-consent"]')?.content;
  return policy === 'ask' ? 'pending' : true;
}
