import { setTimeout as later } from 'node:timers/promises';
import { isMissing } from '@artel/test-support/programs/findProgram';
import { waitUntil } from '@artel/test-support/programs/waitUntil';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCall, expectMail, expectSlack, type Status, type Told } from './expectMessages.fixture';
import { type FaultyStack, neededPrograms, startFaultyStack } from './faults.fixture';

/** Five minutes take fifteen seconds: no less, so that a window of them holds enough scrapes of a second each. */
const FACTOR = 20;

describe.skipIf(isMissing(...neededPrograms))('from a fault to a person, and from its end', () => {
  let stack: FaultyStack;
  beforeAll(async () => {
    stack = await startFaultyStack(FACTOR);
  });
  afterAll(() => stack?.close());

  const countSeries = async (query: string) => (await stack.prometheus.instant(query)).length;

  const state = (alertname: string, alertstate: string, more = '') =>
    countSeries(`count_over_time(ALERTS{alertname="${alertname}",alertstate="${alertstate}"${more}}[10m])`);

  /** Waits until an alert has fired, and asserts that it was pending before. */
  async function expectPendingThenFiring(alertname: string, more = ''): Promise<void> {
    await waitUntil(`firing ${alertname}`, async () => (await state(alertname, 'firing', more)) > 0);
    expect(await state(alertname, 'pending', more)).toBeGreaterThan(0);
  }

  describe.concurrent('each of four at once:', () => {
    it('a gateway that was killed, and loses no count by it', async () => {
      const { gateway } = stack;
      let seq = 0;
      while (seq < 20) expect(await gateway.deliver(++seq)).toBe(1);
      await gateway.kill();
      const waiting = gateway.deliver(++seq);
      const told: Told = {
        to: 'oncall@artelbilliards.com',
        prefix: 'CRITICAL',
        alertname: 'ServiceDown',
        service: 'gateway',
        severity: 'critical',
        team: 'platform',
        summary: new RegExp(`^gateway at ${gateway.address} does not answer$`),
        description: new RegExp(
          `^Prometheus has not been able to scrape gateway at ${gateway.address} for more than a minute\\.$`,
        ),
        expression: 'up{job=~"artel-.+"} == 0',
      };
      await expectPendingThenFiring('ServiceDown', ',service="gateway"');
      await expectCall(stack.outside, told, 'FIRING');

      await gateway.start();
      expect(await waiting).toBeGreaterThan(1);
      await gateway.deliver(++seq);
      expect(await gateway.counted()).toBe(seq);
      await expectCall(stack.outside, told, 'RESOLVED');
      expect(await gateway.counted()).toBe(seq);
    });

    it('a storm of 5xx', async () => {
      const storm = { over: false };
      const blow = (async () => {
        while (!storm.over) {
          await fetch(`${stack.gameUrl}/api/game/broken`).then((answer) => answer.text());
          await later(50);
        }
      })();
      const told: Told = {
        to: 'dev-team@artelbilliards.com',
        prefix: 'ArtelBilliards Alert',
        alertname: 'HighErrorRate',
        service: 'game-service',
        severity: 'warning',
        team: 'platform',
        summary: /^game-service answers \d+(\.\d+)?% of its requests with 5xx$/,
        description:
          /^Over the last 5 minutes game-service \(production\) answered \d+(\.\d+)?% of its requests with a 5xx status; 5 % is the limit\.$/,
        expression: 'service:http_requests:error_ratio_rate5m > 0.05',
      };
      try {
        await expectPendingThenFiring('HighErrorRate', ',service="game-service"');
        await expectMail(stack.outside, told, 'FIRING');
        // What spends a month's budget in two days rings too. Its six hours' window is too long to see the end of here.
        const { pagerDuty } = stack.outside;
        await waitUntil('call about the error budget', () =>
          pagerDuty.received.some(
            ({ payload }) => payload.summary === 'ErrorBudgetBurn of game-service (production)',
          ),
        );
      } finally {
        storm.over = true;
        await blow;
      }
      await expectMail(stack.outside, told, 'RESOLVED');
    });

    it('twenty wrong sign-ins', async () => {
      const initData = new URLSearchParams({
        auth_date: String(Math.floor(Date.now() / 1_000)),
        hash: '0'.repeat(64),
      });
      for (let tries = 0; tries < 20; tries++) {
        const answer = await fetch(`${stack.gameUrl}/api/game/sign-in`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ initData: initData.toString() }),
        });
        expect(answer.status).toBe(401);
      }
      const many: Told = {
        to: 'security@artelbilliards.com',
        prefix: 'SECURITY ALERT',
        alertname: 'HighAuthFailureRate',
        service: 'game-service',
        severity: 'warning',
        team: 'security',
        summary: /^\d\d sign-ins at game-service were refused within 5 minutes$/,
        description:
          /^game-service \(production\) refused \d\d sign-ins and tokens within 5 minutes for another reason than that they had run out\.$/,
        expression: 'service:auth_failures:increase',
      };
      const force: Told = {
        ...many,
        alertname: 'BruteForceDetected',
        severity: 'critical',
        summary: /^Somebody tries sign-ins at game-service one after the other$/,
        description:
          /^game-service \(production\) has found 1 addresses or accounts with too many failed sign-ins within its window\.$/,
        expression: 'brute_force_detected',
      };
      const both = async (status: Status) => {
        const { outside } = stack;
        await Promise.all([
          expectMail(outside, many, status),
          expectMail(outside, force, status),
          expectSlack(outside.slackSecurity, many, status),
          expectSlack(outside.slackSecurity, force, status),
          expectCall(outside, { ...force, to: 'oncall@artelbilliards.com', prefix: 'CRITICAL' }, status),
        ]);
        expect(new Set(outside.slackSecurity.received.map(({ channel }) => channel))).toEqual(
          new Set(['#security-alerts']),
        );
      };
      await expectPendingThenFiring('HighAuthFailureRate');
      await both('FIRING');
      await both('RESOLVED');
      // Raised once, however many tries there were.
      expect(await countSeries('security_events_total{event_type="brute_force_detected"} == 1')).toBe(1);
    });

    it('a disk that is full', async () => {
      stack.disk.setFree(0.03);
      const told: Told = {
        to: 'dev-team@artelbilliards.com',
        prefix: 'ArtelBilliards Alert',
        alertname: 'DiskSpaceLow',
        service: 'node',
        severity: 'warning',
        team: 'platform',
        summary: new RegExp(`^Disk /var/lib/artel of ${stack.disk.address} has 3% left$`),
        description: new RegExp(
          `^The disk /var/lib/artel of ${stack.disk.address} has 3% of its space left for programs that are not root; 20 % is the limit\\.$`,
        ),
        expression: 'node_filesystem_avail_bytes',
      };
      await expectPendingThenFiring('DiskSpaceLow', ',service="node"');
      await expectMail(stack.outside, told, 'FIRING');
      stack.disk.setFree(0.6);
      await expectMail(stack.outside, told, 'RESOLVED');
    });
  });

  describe('all the while', () => {
    it('the outside took every message as it was', () => {
      const { mail, slackCritical, slackSecurity, telegram, pagerDuty, watcher } = stack.outside;
      for (const { refused } of [mail, slackCritical, slackSecurity, telegram, pagerDuty, watcher])
        expect(refused).toEqual([]);
    });

    it('the dead man’s switch is heard, until Prometheus dies', async () => {
      const { watcher } = stack.outside;
      const heard = () => watcher.received.length;
      const before = heard();
      await waitUntil('three signs of life', () => heard() > before + 2);
      expect(new Set(watcher.received.map(({ alertname }) => alertname))).toEqual(new Set(['Watchdog']));

      await stack.prometheus.stop('SIGKILL');
      await waitUntil('end of the watchdog in Alertmanager', async () => {
        const answer = await fetch(`${stack.alertmanager.url}/api/v2/alerts?filter=alertname=Watchdog`);
        const alerts: unknown = await answer.json();
        return Array.isArray(alerts) && alerts.length === 0;
      });
      // Twice as long as it took each time; what was under way has come before.
      const silence = (2 * 60_000) / FACTOR;
      await later(silence);
      const last = heard();
      await later(silence);
      expect(heard()).toBe(last);
    });
  });
});
