import type { SlackMessage } from '@artel/test-support/fakes/alerting/fakeSlack';
import type { Mail } from '@artel/test-support/fakes/alerting/fakeSmtp';
import type { Outside } from '@artel/test-support/fakes/alerting/startOutside';
import { waitFor } from '@artel/test-support/programs/waitUntil';
import { expect } from 'vitest';

export const PROMETHEUS_URL = 'https://prometheus.example.com';
export const ALERTMANAGER_URL = 'https://alerts.example.com';

/** What every message about an alert has to say. */
export interface Told {
  readonly to: string;
  /** Of the subject. */
  readonly prefix: string;
  readonly alertname: string;
  readonly service: string;
  readonly severity: string;
  readonly team: string;
  readonly summary: RegExp;
  readonly description: RegExp;
  /** A part of the expression that the graph behind the link shows. */
  readonly expression: string;
}

export type Status = 'FIRING' | 'RESOLVED';

const signOf = (status: Status): string => (status === 'FIRING' ? '[FIRING:1]' : '[RESOLVED]');

/** What an alert is called in every message. */
const titleOf = ({ alertname, service }: Told): string => `${alertname} of ${service} (production)`;

function silenceOf({ alertname, service }: Told): string {
  const matchers = `{alertname="${alertname}",environment="production",service="${service}"}`;
  return `${ALERTMANAGER_URL}/#/silences/new?filter=${encodeURIComponent(matchers)}`;
}

function expectLinks({ Runbook, Silence }: Readonly<Record<string, string>>, told: Told): void {
  expect(Runbook).toMatch(new RegExp(`^https://\\S+/docs/runbooks/${told.alertname}\\.md$`));
  expect(Silence).toBe(silenceOf(told));
}

function expectGraph({ Graph = '' }: Readonly<Record<string, string>>, told: Told): void {
  expect(Graph.startsWith(`${PROMETHEUS_URL}/graph?`)).toBe(true);
  expect(new URL(Graph).searchParams.get('g0.expr')).toContain(told.expression);
}

/** Waits for the mail about an alert, or about its end, and checks all that it says. */
export async function expectMail({ mail }: Outside, told: Told, status: Status): Promise<void> {
  const subject = `${signOf(status)} ${told.prefix}: ${titleOf(told)}`;
  const found: Mail = await waitFor(`mail to ${told.to}: ${subject}`, () =>
    mail.received.find((one) => one.to === told.to && one.subject === subject),
  );
  expect(found.from).toBe('alerts@artelbilliards.com');
  const [summary, description] = found.text.split('\n');
  expect(summary).toMatch(told.summary);
  expect(description).toMatch(told.description);
  const { alertname, service, severity, team } = told;
  for (const [name, value] of Object.entries({
    alertname,
    service,
    severity,
    team,
    environment: 'production',
  })) {
    expect(found.text).toContain(`\n${name}: ${value}\n`);
    expect(found.html).toContain(`>${name}</th><td style="padding:1px 0">${value}</td>`);
  }
  expect(found.text).toMatch(/\nsince: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
  expect(/\nuntil: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/.test(found.text)).toBe(status === 'RESOLVED');
  for (const url of Object.values(found.links)) expect(found.text).toContain(`: ${url}\n`);
  expectLinks(found.links, told);
  expectGraph(found.links, told);
}

/** Waits for the message in a channel, and checks all that it says. */
export async function expectSlack(
  inbox: Outside['slackCritical'],
  told: Told,
  status: Status,
): Promise<SlackMessage> {
  const title = `${signOf(status)} ${titleOf(told)}`;
  const found = await waitFor(`message in Slack: ${title}`, () =>
    inbox.received.find(({ attachments }) => attachments[0]?.title === title),
  );
  const [attachment] = found.attachments;
  const color = told.severity === 'critical' ? 'danger' : 'warning';
  expect(attachment).toMatchObject({
    fallback: title,
    color: status === 'FIRING' ? color : 'good',
    footer: `severity ${told.severity}, team ${told.team}`,
    title_link: expect.stringMatching(/^https:\/\/alerts\.example\.com\/#\/alerts\?receiver=[a-z-]+$/),
  });
  const written = attachment?.text ?? '';
  const [summary = '', description = ''] = written.split('\n');
  expect(summary).toMatch(/^\*.*\*$/);
  expect(summary.slice(1, -1)).toMatch(told.summary);
  expect(description).toMatch(told.description);
  const links = [...written.matchAll(/<([^|>]+)\|([^>]+)>/g)].map(([, url = '', words = '']) => [words, url]);
  expectLinks(Object.fromEntries(links), told);
  expectGraph(Object.fromEntries(links), told);
  return found;
}

async function expectTelegram({ telegram }: Outside, told: Told, status: Status): Promise<void> {
  const firing = status === 'FIRING';
  const first = `${firing ? '🔴' : '🟢'} ${signOf(status)} ${titleOf(told)}`;
  const found = await waitFor(`message in Telegram: ${first}`, () =>
    telegram.received.find(({ text }) => text.startsWith(`${first}\n`)),
  );
  const [, severity, , summary, description, when] = found.text.split('\n');
  expect(severity).toBe(`severity ${told.severity}`);
  expect(summary).toMatch(told.summary);
  expect(description).toMatch(told.description);
  expect(when).toMatch(firing ? /^since \d{4}-.* UTC$/ : /^until \d{4}-.* UTC$/);
  expectLinks(found.links, told);
}

async function expectPagerDuty({ pagerDuty }: Outside, told: Told, status: Status): Promise<void> {
  const firing = status === 'FIRING';
  const ofAlert = () => pagerDuty.received.filter(({ payload }) => payload.summary === titleOf(told));
  const found = await waitFor(`event at PagerDuty: ${status} ${titleOf(told)}`, () =>
    ofAlert().find((one) => one.event_action === (firing ? 'trigger' : 'resolve')),
  );
  expect(found).toMatchObject({
    client: 'Alertmanager',
    client_url: `${ALERTMANAGER_URL}/#/alerts?receiver=critical-alerts`,
    payload: {
      source: 'Alertmanager',
      severity: told.severity,
      class: told.alertname,
      component: told.service,
      group: 'production',
      custom_details: {
        summary: expect.stringMatching(told.summary),
        description: expect.stringMatching(told.description),
      },
    },
  });
  const { num_firing, num_resolved, silence } = found.payload.custom_details;
  expect([num_firing, num_resolved].map(Number)).toEqual(firing ? [1, 0] : [0, 1]);
  const runbook = found.links?.find(({ text }) => text === 'Runbook')?.href ?? '';
  expectLinks({ Runbook: runbook, Silence: silence }, told);
  // Else PagerDuty would not know what has ended.
  expect(new Set(ofAlert().map(({ dedup_key }) => dedup_key)).size).toBe(1);
}

/** Waits for all that the one on call gets, in each of four ways, and checks all that it says. */
export async function expectCall(outside: Outside, told: Told, status: Status): Promise<void> {
  const [, slack] = await Promise.all([
    expectMail(outside, told, status),
    expectSlack(outside.slackCritical, told, status),
    expectTelegram(outside, told, status),
    expectPagerDuty(outside, told, status),
  ]);
  expect(slack.channel).toBe('#alerts-critical');
}
