import { useEffect, useState, useSyncExternalStore } from 'react';
import { type DecodedBatch, decodeBatch } from './decodeBatch';
import { readBody } from './readBody';
import type { Passage, Wire } from './wire';

/** The newest request to the gateway, with what was in it once that is read. */
export interface LastBatch {
  readonly passage: Passage | undefined;
  readonly batch: DecodedBatch | undefined;
  /** The body is neither JSON nor gzip. */
  readonly unreadable: boolean;
}

interface Reading {
  readonly body: Passage['body'];
  readonly batch: DecodedBatch | undefined;
}

export function useLastBatch(wire: Wire): LastBatch {
  const passage = useSyncExternalStore(wire.subscribe, wire.last);
  const [reading, setReading] = useState<Reading>();
  const body = passage?.body;

  useEffect(() => {
    if (body === undefined) return;
    let gone = false;
    void readBody(body)
      .then(decodeBatch, () => undefined)
      .then((batch) => {
        if (!gone) setReading({ body, batch });
      });
    return () => {
      gone = true;
    };
  }, [body]);

  // Until the newest is read, the one before it stays in sight.
  return {
    passage,
    batch: reading?.batch,
    unreadable: reading?.body === body && !!reading && !reading.batch,
  };
}
