import type { ErasureStep } from './erasePlayer';

/** What came of each store, for people. */
export function renderErasure(steps: readonly ErasureStep[]): string {
  return steps
    .map(({ store, outcome, text }) => `${store.padEnd(12)} ${outcome.padEnd(8)} ${text}\n`)
    .join('');
}
