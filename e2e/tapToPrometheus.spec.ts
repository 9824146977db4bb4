import { startPrometheus, withoutPrometheus } from '@artel/test-support/servers/prometheus';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);
// Of so many taps a trace would be the most of the work.
test.use({ trace: 'off' });

const TAPS = 200;
// A game of kolkhoz has 15. Its end would be sent at once, and with it the taps before: the last ball stays on the table.
const BALLS = 14;
const BOUND_MS = 30_000;
/** The same in scrapes, from the first after a tap to the one that shows it. */
const BOUND_SCRAPES = 6;

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

/** One scrape that succeeded, and the taps that it brought. */
interface Scrape {
  /** Ms since 1970. */
  readonly at: number;
  readonly taps: number;
}

// In scrapes and not in seconds, which a busy machine makes longer. How long the taps took is printed.
test(`a tap is in Prometheus within ${BOUND_MS / 1_000} s at default settings, in the 99th percentile of ${TAPS} taps`, async ({
  page,
  stack,
}, info) => {
  test.skip(withoutPrometheus, 'needs a prometheus program');
  // The configuration of the stack, at its own interval.
  const labels = { service: 'gateway', environment: 'development' };
  const prometheus = await startPrometheus({
    repository: {
      targets: [{ job: 'artel-gateway', address: new URL(stack.gateway).host, labels }],
      ownPace: true,
    },
  });
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${prometheus.url}/api/v1/${path}`);
    return ((await answer.json()) as { data?: unknown }).data;
  };
  /** The samples of a selector, each time added up over its series. */
  const samplesOf = async (selector: string): Promise<ReadonlyMap<number, number>> => {
    const { result } = (await ask(`query?query=${encodeURIComponent(`${selector}[30m]`)}`)) as {
      readonly result: readonly { readonly values: readonly (readonly [number, string])[] }[];
    };
    const sums = new Map<number, number>();
    for (const { values } of result)
      for (const [at, value] of values) sums.set(at, (sums.get(at) ?? 0) + Number(value));
    return sums;
  };
  const scrapes = async (): Promise<Scrape[]> => {
    const counted = await samplesOf('user_action_total{action="ball_clicked"}');
    const up = [...(await samplesOf('up'))].filter(([, value]) => value === 1);
    return up.map(([at]) => ({ at: at * 1_000, taps: counted.get(at) ?? 0 })).sort((a, b) => a.at - b.at);
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
    await expect.poll(async () => (await scrapes()).at(-1)?.taps).toBe(TAPS);

    const { activeTargets } = (await ask('targets')) as {
      readonly activeTargets: readonly { readonly scrapeInterval: string }[];
    };
    // The gateway, and Prometheus itself.
    expect(new Set(activeTargets.map(({ scrapeInterval }) => scrapeInterval))).toEqual(
      new Set([`${BOUND_MS / BOUND_SCRAPES / 1_000}s`]),
    );
    const all = await scrapes();
    const seen = taps.map((at, tap) => {
      const after = all.filter((scrape) => scrape.at > at);
      const by = after.findIndex((scrape) => scrape.taps > tap);
      return { scrapes: by + 1, ms: (after[by]?.at ?? Number.NaN) - at };
    });
    const delays = seen.map(({ ms }) => ms);
    const lasted = (taps.at(-1) ?? 0) - (taps[0] ?? 0);
    const figures = `p50 ${percentile(delays, 0.5)} ms, p99 ${percentile(delays, 0.99)} ms, longest ${Math.max(...delays)} ms; taps over ${lasted} ms`;
    info.annotations.push({ type: 'from tap to Prometheus', description: figures });
    console.log(`from tap to Prometheus: ${figures}`);
    expect(Math.min(...seen.map((one) => one.scrapes))).toBeGreaterThanOrEqual(1);
    expect(
      percentile(
        seen.map((one) => one.scrapes),
        0.99,
      ),
    ).toBeLessThanOrEqual(BOUND_SCRAPES);
  } finally {
    await prometheus.close();
  }
});
