import { useTelemetry } from '@artel/telemetry-react';
import { useEffect, useState } from 'react';
import type { Answer, ConsentBook } from './consent';

/** What the player said, what holds now, and how to say it. */
export interface Consent {
  readonly answer: Answer;
  readonly status: 'granted' | 'pending' | 'denied';
  decide(granted: boolean): void;
}

/** Follows the answer, also where it is given in another tab of the app. */
export function useConsent(book: ConsentBook): Consent {
  const telemetry = useTelemetry();
  const [answer, setAnswer] = useState(() => book.answer());

  useEffect(() => {
    const follow = () => {
      const told = book.answer();
      setAnswer(told);
      if (told !== undefined) telemetry.setConsent(told === 'granted');
    };
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, [book, telemetry]);

  return {
    answer,
    status: telemetry.stats().consent,
    decide(granted) {
      book.write(granted);
      telemetry.setConsent(granted);
      setAnswer(granted ? 'granted' : 'denied');
    },
  };
}
