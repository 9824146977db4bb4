import { findProgram } from '@artel/test-support/programs/findProgram';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { prometheusPart } from '../scripts/stack/prometheusPart';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);
// Of so many taps a trace would be the most of the work.
test.use({ trace: 'off' });
test.setTimeout(240_000);

const TAPS = 200;
// A game of kolkhoz has 15. Its end would be sent at once, and with it the taps before: the last ball stays on the table.
const BALLS = 14;
const POLL_MS = 200;
const BOUND_MS = 30_000;

/** The value below which a part of all lies, by the nearest rank. */
function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

declare global {
  interface Window {
    /** When a ball was tapped, in ms since 1970. */
    ballTaps?: number[];
  }
}

test(`a tap is in Prometheus within ${BOUND_MS / 1_000} s at default settings, in the 99th percentile of ${TAPS} taps`, async ({
  page,
  stack,
  folder,
}, info) => {
  const program = findProgram('prometheus');
  test.skip(!program, 'needs a prometheus program');
  const port = await freePort();
  // The configuration of the stack, at its own interval.
  const prometheus = await launch(
    prometheusPart({
      program: program ?? '',
      port,
      folder: `${folder}/prometheus`,
      targets: [{ job: 'artel-gateway', service: 'gateway', address: new URL(stack.gateway).host }],
    }),
  );
  const counted = async (): Promise<number> => {
    const query = encodeURIComponent('sum(user_action_total{action="ball_clicked"})');
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${query}`);
    const { data } = (await answer.json()) as { data?: { result?: { value: [number, string] }[] } };
    return Number(data?.result?.[0]?.value[1] ?? 0);
  };

  // seen[n] is when n + 1 taps were first to be read.
  const seen: number[] = [];
  let watching = true;
  const watch = async () => {
    while (watching && seen.length < TAPS) {
      const count = await counted();
      const now = Date.now();
      while (seen.length < count) seen.push(now);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  await page.addInitScript(() => {
    const taps: number[] = [];
    window.ballTaps = taps;
    const note = ({ target }: Event) => {
      if (target instanceof Element && target.closest('[data-testid^="ball-"]')) taps.push(Date.now());
    };
    document.addEventListener('click', note, { capture: true });
  });
  const noted = () => page.evaluate(() => window.ballTaps?.length ?? 0);
  const watcher = watch();
  try {
    await page.goto(stack.app);
    for (let tap = 0; tap < TAPS; tap++) {
      const ball = (tap % BALLS) + 1;
      if (ball === 1) {
        // Within the app: a page that is left would send all that it has.
        if (tap > 0) await page.getByTestId('back').click();
        await page.getByTestId('game-type-kolkhoz').click();
        await page.getByTestId('start-game').click();
      }
      // A finger that misses a ball, as it may while the page is drawn anew, has tapped nothing, and taps again.
      await expect(async () => {
        if ((await noted()) === tap) await page.getByTestId(`ball-${ball}`).click();
        expect(await noted()).toBe(tap + 1);
      }).toPass();
    }
    const taps = (await page.evaluate(() => window.ballTaps)) ?? [];
    expect(taps).toHaveLength(TAPS);
    await expect.poll(() => seen.length, { timeout: 2 * BOUND_MS }).toBe(TAPS);

    const delays = taps.map((at, tap) => (seen[tap] ?? Number.NaN) - at);
    const [p50, p99] = [percentile(delays, 0.5), percentile(delays, 0.99)];
    const lasted = (taps.at(-1) ?? 0) - (taps[0] ?? 0);
    const figures = `p50 ${p50} ms, p99 ${p99} ms, longest ${Math.max(...delays)} ms; taps over ${lasted} ms`;
    info.annotations.push({ type: 'from tap to Prometheus', description: figures });
    console.log(`from tap to Prometheus: ${figures}`);
    expect(Math.min(...delays)).toBeGreaterThan(0);
    expect(p99).toBeLessThan(BOUND_MS);
  } finally {
    watching = false;
    await watcher;
    await prometheus.stop();
  }
});
