import { spawnSync } from 'node:child_process';
import { findProgram } from '@artel/test-support/programs/findProgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AlertmanagerUnderTest,
  alertmanagerProgram,
  openAlertmanager,
} from './alertmanagerUnderTest.fixture';

const amtool = findProgram('amtool') ?? '';
const often = { interval: 50 };

/** `ServiceDown critical gateway job=artel-gateway` as labels. */
function labelsOf(words: string): Record<string, string> {
  const [alertname = '', severity = '', service = '', ...more] = words.split(' ');
  const others = Object.fromEntries(more.map((pair) => pair.split('=')));
  return { alertname, severity, service, environment: 'production', team: 'platform', ...others };
}

describe.skipIf(!alertmanagerProgram)('what Alertmanager keeps back', () => {
  let running: AlertmanagerUnderTest;
  beforeAll(async () => {
    running = await openAlertmanager((config) => {
      const always = [{ times: [{ start_time: '00:00', end_time: '24:00' }] }];
      config.setIn(['time_intervals', 0, 'time_intervals'], always);
      config.setIn(['time_intervals', 1, 'time_intervals'], always);
    });
  });
  afterAll(() => running?.close());

  it('is what another alert says already, and nothing else', async () => {
    const kept = [
      'HighErrorRate warning gateway',
      'GatewayEventLoopDelay warning gateway',
      'LowUserActivity info mini-app team=product',
      'PoorLargestContentfulPaint warning mini-app team=product',
      'ErrorBudgetBurn warning game-service',
      'GatewayManyDuplicates info gateway',
      'Chatty info loki',
    ];
    const told = [
      'ServiceDown critical gateway job=artel-gateway',
      'ErrorBudgetBurn critical game-service',
      'ErrorBudgetBurn warning game-service environment=staging',
      'HighErrorRate warning game-service',
      'SuspiciousUserActivity warning gateway team=security',
      'HighFrontendErrorRate warning mini-app team=game',
      'LowUserActivity info mini-app team=product environment=staging',
      'MonitoringDown warning loki',
      'MonitoringDown warning prometheus',
      'Watchdog info prometheus',
      'Unowned warning  team=',
      'Chatty info  team=',
    ];
    await running.raise(...[...kept, ...told].map((words) => ({ labels: labelsOf(words) })));
    const inhibited = async (yes: boolean) => {
      const shown = await running.shown();
      const names = shown
        .filter(({ status }) => status.inhibitedBy.length > 0 === yes)
        .map(({ labels }) => [labels['alertname'], labels['service'], labels['environment']].join(' '));
      return names.sort();
    };
    const namesOf = (list: readonly string[]) =>
      list
        .map(labelsOf)
        .map(({ alertname, service, environment }) =>
          [alertname, service || undefined, environment].join(' '),
        )
        .sort();
    await expect.poll(() => inhibited(true), often).toEqual(namesOf(kept));
    expect(await inhibited(false)).toEqual(namesOf(told));
  });

  it('is at its hours what can wait, and never what rings the one on call', async () => {
    const { outside, raise, log } = running;
    await raise(
      ...[
        'Sleepy info lobby team=game',
        'Sleepy warning shop team=product',
        'Sleepy info cron',
        'Loud critical shop team=product',
        'Loud warning lobby team=game',
      ].map((words) => ({ labels: labelsOf(words), annotations: { summary: words, description: 'x' } })),
    );
    const subjects = () => outside.mail.received.map(({ to, subject }) => `${to} ${subject}`);
    const muted = () => log().match(/route is within mute time/g)?.length ?? 0;
    await expect.poll(muted, often).toBeGreaterThanOrEqual(4);
    await expect
      .poll(subjects, often)
      .toEqual(
        expect.arrayContaining([
          'oncall@artelbilliards.com [FIRING:1] CRITICAL: Loud of shop (production)',
          'game-dev@artelbilliards.com [FIRING:1] Game Service Alert: Loud of lobby (production)',
        ]),
      );
    expect(subjects().filter((subject) => subject.includes('Sleepy'))).toEqual([]);
  });

  it.skipIf(!amtool)('is what somebody silenced with amtool', async () => {
    await running.raise({ labels: labelsOf('Noisy warning bots') });
    const args = ['silence', 'add', 'alertname=Noisy', 'service=bots', '--duration=2h', '--author=tests'];
    const { status, stderr } = spawnSync(
      amtool,
      [...args, '--comment=mended on Monday', `--alertmanager.url=${running.url}`],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await expect
      .poll(async () => {
        const shown = await running.shown();
        return shown.find(({ labels }) => labels['alertname'] === 'Noisy')?.status.silencedBy.length;
      }, often)
      .toBe(1);
  });
});
