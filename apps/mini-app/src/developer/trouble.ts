import type { Telemetry } from '@artel/telemetry-react';

/** Taps that one flood makes. */
const FLOOD = 1_000;

/** Counts a thousand taps within one frame. */
export function flood({ trackUserAction }: Pick<Telemetry, 'trackUserAction'>): void {
  for (let tap = 0; tap < FLOOD; tap++) trackUserAction('flood_tap');
}

/** Leaves a rejected promise behind, as an app does that forgets an `await`. */
export function rejectUnheard(): void {
  void Promise.reject(new Error('A promise that nobody awaited'));
}

/** Calls an endpoint of the game service that misbehaves; settles however it ends. */
export async function call(path: '/api/game/slow?ms=1200' | '/api/game/broken'): Promise<void> {
  try {
    await (await fetch(path)).text();
  } catch {
    // Offline: the telemetry has noted it.
  }
}
