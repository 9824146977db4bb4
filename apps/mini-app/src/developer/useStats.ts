import type { Stats } from '@artel/telemetry-react';
import { useTelemetry } from '@artel/telemetry-react';
import { useEffect, useState } from 'react';

/** Ms between two looks at the books. */
const LOOK_EVERY = 500;

/** The telemetry's books, as they are now and every half second from now on; `look` brings them up to date. */
export function useStats(): readonly [Stats, look: () => void] {
  const telemetry = useTelemetry();
  const [stats, setStats] = useState(() => telemetry.stats());
  useEffect(() => {
    const timer = setInterval(() => setStats(telemetry.stats()), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [telemetry]);
  return [stats, () => setStats(telemetry.stats())];
}
