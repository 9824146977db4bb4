// The live page in docs/live.png: a gateway of its own, a minute of players who are made up, and two screens.
import { startGateway } from '@artel/test-support/servers/demo';
import type { Browser } from 'playwright-core';

const PLAYED_SECONDS = 66;
const STEP_MS = 500;

/** Numbers that look random and are the same each time. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const actions = [
  'ball_clicked',
  'ball_clicked',
  'ball_clicked',
  'next_player',
  'stats_opened',
  'history_opened',
];
const events = ['ball_potted', 'ball_potted', 'ball_potted', 'turn_changed', 'game_started', 'game_finished'];
const games = ['kolkhoz', 'kolkhoz', 'americanka', 'nevskaya'];
const endpoints = [
  ['POST', '/api/game/sessions/:id/pot'],
  ['POST', '/api/game/sessions/:id/pot'],
  ['POST', '/api/game/sessions'],
  ['GET', '/api/history'],
] as const;
const errors = [
  {
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'ball')",
    stack: `TypeError: Cannot read properties of undefined (reading 'ball')
    at potBall (https://billiards.example/assets/GameRoom-3f2a.js:41:19)
    at onClick (https://billiards.example/assets/BilliardTable-9ab1.js:12:7)`,
  },
  { type: 'NetworkError', message: 'The table did not answer in time', stack: '' },
] as const;

/** What the players of half a second send, at the moment `at` of the minute. */
function batchOf(at: number, seq: number, chance: () => number): object {
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T =>
    list[Math.floor(chance() * list.length)] as T;
  const around = (middle: number) =>
    Math.round(middle * Math.exp((chance() + chance() + chance() - 1.5) * 1.1) * 10) / 10;
  const wave = 1 + 0.45 * Math.sin(at / 9) + 0.2 * Math.sin(at / 2.3);
  const slow = at > 34 && at < 44;
  const times = (count: number) => Array.from({ length: Math.max(0, Math.round(count)) });
  const page = '/game/:id';
  const failed = chance() < 0.06 ? pick(errors) : undefined;
  const game = pick(games);
  return {
    producer: `page-${Math.floor(chance() * 180)}-${seq}`,
    seq: 1,
    app: { name: 'billiards', version: '1.4.2' },
    page,
    metrics: [
      ...times(7 * wave).map(() => ({ name: 'user_action_total', labels: { action: pick(actions), page } })),
      ...times(4 * wave).map(() => ({
        name: 'game_event_total',
        labels: { event_type: pick(events), game_type: pick(games) },
      })),
      ...times(2.4 * wave).map(() => {
        const [method, endpoint] = pick(endpoints);
        const labels = { method, endpoint, status_code: chance() < 0.02 ? '503' : '200' };
        return { name: 'api_request_duration_ms', value: around(slow ? 260 : 62), labels };
      }),
      ...times(chance() * 1.4).map(() => ({
        name: 'page_load_duration_ms',
        value: around(820),
        labels: { page },
      })),
      ...(chance() < 0.5
        ? [
            { name: 'web_vital_lcp_ms', value: around(1_450), labels: { page } },
            { name: 'web_vital_inp_ms', value: around(150), labels: { page } },
            { name: 'web_vital_cls', value: chance() * 0.13, labels: { page } },
            { name: 'web_vital_fcp_ms', value: around(900), labels: { page } },
            { name: 'web_vital_ttfb_ms', value: around(260), labels: { page } },
          ]
        : []),
      ...(failed ? [{ name: 'frontend_error_total', labels: { error_type: failed.type, page } }] : []),
    ],
    logs: [
      ...(chance() < 0.5
        ? [
            {
              level: 'info',
              category: 'game_event',
              message: 'Game event: ball_potted',
              timestamp: Date.now(),
              fields: { event_type: 'ball_potted', game_type: game },
            },
          ]
        : []),
      ...(chance() < 0.06
        ? [
            {
              level: 'warn',
              message: 'Reconnecting to the table',
              timestamp: Date.now(),
              fields: { attempt: 2 },
            },
          ]
        : []),
      ...(failed
        ? [
            {
              level: 'error',
              category: 'error',
              message: `${failed.type}: ${failed.message}`,
              timestamp: Date.now(),
              fields: { error_type: failed.type, stack: failed.stack },
            },
          ]
        : []),
    ],
  };
}

/** Plays on until the signal; the promise resolves when there is a minute of it to see. */
async function play(gateway: string, ended: AbortSignal): Promise<void> {
  const chance = createChance(11);
  const minute = (PLAYED_SECONDS * 1_000) / STEP_MS;
  const send = async (step: number): Promise<void> => {
    const body = JSON.stringify(batchOf((step * STEP_MS) / 1_000, step, chance));
    await fetch(`${gateway}/api/metrics`, { method: 'POST', body });
    await new Promise((later) => setTimeout(later, STEP_MS));
  };
  for (let step = 0; step < minute; step++) await send(step);
  void (async () => {
    for (let step = minute; !ended.aborted && step < 2 * minute; step++) await send(step);
  })();
}

const screens = [
  { viewport: { width: 1180, height: 1060 }, colorScheme: 'light', from: '#tiles' },
  { viewport: { width: 390, height: 1060 }, colorScheme: 'dark', from: '#vitals' },
] as const;

/** Makes the picture at `path`. */
export async function shootLivePage(browser: Browser, path: string): Promise<void> {
  const gateway = await startGateway();
  const { url } = gateway;
  const shown = new AbortController();
  try {
    await play(url, shown.signal);
    const images: string[] = [];
    for (const { from, ...screen } of screens) {
      const page = await browser.newPage(screen);
      await page.goto(`${url}/live`);
      await page.locator('body[data-ready]').waitFor();
      await page.getByRole('radio', { name: '1 min' }).check({ force: true });
      await page.getByTestId('error-group').filter({ hasText: 'TypeError' }).locator('summary').click();
      await page.evaluate((place) => {
        const top = document.querySelector(place)?.getBoundingClientRect().top ?? 0;
        window.scrollTo(0, Math.max(0, window.scrollY + top - 108));
      }, from);
      await page.waitForTimeout(1_500);
      const shot = (await page.screenshot()).toString('base64');
      const { width, height } = screen.viewport;
      images.push(`<img src="data:image/png;base64,${shot}" width="${width}" height="${height}">`);
      await page.close();
    }
    const sheet = await browser.newPage({ viewport: { width: 1660, height: 1120 } });
    await sheet.setContent(
      `<style>body{margin:0;display:flex;gap:30px;padding:30px;background:#8a94a6}
       img{border-radius:22px;box-shadow:0 12px 32px #0006}</style>${images.join('')}`,
    );
    await sheet.screenshot({ path });
    await sheet.close();
  } finally {
    shown.abort();
    await new Promise((later) => setTimeout(later, 2 * STEP_MS));
    await gateway.close();
  }
}
