import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AlertmanagerUnderTest,
  alertmanagerProgram,
  EXTERNAL_URL,
  type Given,
  GRAPH,
  openAlertmanager,
} from './alertmanagerUnderTest.fixture';

const often = { interval: 50 };
const SILENCE = `${EXTERNAL_URL}/#/silences/new?filter=%7Balertname%3D%22`;

const runbook = (name: string) => `https://example.com/docs/runbooks/${name}.md`;

function alertOf(name: string, labels: Readonly<Record<string, string>>): Given {
  return {
    labels: { alertname: name, service: 'gateway', environment: 'production', ...labels },
    annotations: {
      summary: `${name} of the gateway`,
      description: 'It does not answer.',
      runbook_url: runbook(name),
      dashboard_url: `https://grafana.example.com/d/gateway?var-service=gateway&from=now-1h`,
    },
    startsAt: '2026-01-02T03:04:05Z',
  };
}

const ended = (alert: Given): Given => ({ ...alert, endsAt: new Date().toISOString() });

describe.skipIf(!alertmanagerProgram)('the messages, as Alertmanager writes them', () => {
  let running: AlertmanagerUnderTest;
  beforeAll(async () => {
    // At night and at weekends product messages wait, which is another test's matter.
    running = await openAlertmanager((config) => {
      config.deleteIn(['route', 'routes', 4, 'mute_time_intervals']);
      config.deleteIn(['route', 'routes', 5, 'mute_time_intervals']);
    });
  });
  afterAll(() => running?.close());

  const mailOf = (words: string) =>
    expect.poll(() => running.outside.mail.received.find(({ subject }) => subject.includes(words)), often);

  it('tell of a critical alert in four ways, and of its end', async () => {
    const { raise, outside } = running;
    const alert = alertOf('ServiceDown', {
      severity: 'critical',
      team: 'platform',
      instance: 'gateway:4320',
    });
    const silence = `${SILENCE}ServiceDown%22%2Cenvironment%3D%22production%22%2Cservice%3D%22gateway%22%7D`;
    const dashboard = alert.annotations?.['dashboard_url'] ?? '';
    await raise(alert);

    await mailOf('[FIRING:1] CRITICAL').toMatchObject({
      from: 'alerts@artelbilliards.com',
      to: 'oncall@artelbilliards.com',
      subject: '[FIRING:1] CRITICAL: ServiceDown of gateway (production)',
      text: `ServiceDown of the gateway
It does not answer.

alertname: ServiceDown
environment: production
instance: gateway:4320
service: gateway
severity: critical
team: platform
since: 2026-01-02 03:04:05 UTC
Runbook: ${runbook('ServiceDown')}
Dashboard: ${dashboard}
Graph: ${GRAPH}

Silence: ${silence}
All alerts: ${EXTERNAL_URL}/#/alerts?receiver=critical-alerts
`,
    });
    const { html, links } = outside.mail.received.find(({ to }) => to === 'oncall@artelbilliards.com') ?? {};
    expect(links).toEqual({
      Runbook: runbook('ServiceDown'),
      Dashboard: dashboard,
      Graph: GRAPH,
      Silence: silence,
      'All alerts': `${EXTERNAL_URL}/#/alerts?receiver=critical-alerts`,
    });
    expect(html).toContain('>[FIRING:1] ServiceDown of gateway (production)</h1>');
    expect(html).toContain('background:#b3261e');

    await expect
      .poll(() => outside.slackCritical.received[0], often)
      .toMatchObject({
        channel: '#alerts-critical',
        username: 'Alertmanager',
        attachments: [
          {
            title: '[FIRING:1] ServiceDown of gateway (production)',
            title_link: `${EXTERNAL_URL}/#/alerts?receiver=critical-alerts`,
            fallback: '[FIRING:1] ServiceDown of gateway (production)',
            footer: 'severity critical, team platform',
            color: 'danger',
            mrkdwn_in: ['fallback', 'pretext', 'text'],
            text: `*ServiceDown of the gateway*
It does not answer.
<${runbook('ServiceDown')}|Runbook> <${dashboard}|Dashboard> <${GRAPH}|Graph>
<${silence}|Silence>`,
          },
        ],
      });
    await expect
      .poll(() => outside.telegram.received[0], often)
      .toEqual({
        chatId: '-1001000000001',
        text: `🔴 [FIRING:1] ServiceDown of gateway (production)
severity critical

ServiceDown of the gateway
It does not answer.
since 2026-01-02 03:04:05 UTC
Runbook Dashboard

Silence`,
        links: { Runbook: runbook('ServiceDown'), Dashboard: dashboard, Silence: silence },
      });
    await expect
      .poll(() => outside.pagerDuty.received[0], often)
      .toMatchObject({
        event_action: 'trigger',
        client: 'Alertmanager',
        client_url: `${EXTERNAL_URL}/#/alerts?receiver=critical-alerts`,
        links: [
          { href: runbook('ServiceDown'), text: 'Runbook' },
          { href: dashboard, text: 'Dashboard' },
        ],
        payload: {
          summary: 'ServiceDown of gateway (production)',
          severity: 'critical',
          class: 'ServiceDown',
          component: 'gateway',
          group: 'production',
          custom_details: {
            summary: 'ServiceDown of the gateway',
            description: 'It does not answer.',
            runbook: runbook('ServiceDown'),
            dashboard,
            silence,
          },
        },
      });
    const { num_firing, num_resolved } = outside.pagerDuty.received[0]?.payload.custom_details ?? {};
    expect([num_firing, num_resolved].map(Number)).toEqual([1, 0]);

    await raise(ended(alert));
    await mailOf('[RESOLVED] CRITICAL: ServiceDown').toMatchObject({
      to: 'oncall@artelbilliards.com',
      text: expect.stringMatching(
        /since: 2026-01-02 03:04:05 UTC\nuntil: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/,
      ),
      html: expect.stringContaining('background:#1a7f37'),
    });
    await expect
      .poll(() => outside.slackCritical.received[1]?.attachments[0], often)
      .toMatchObject({ title: '[RESOLVED] ServiceDown of gateway (production)', color: 'good' });
    await expect
      .poll(() => outside.telegram.received[1]?.text, often)
      .toMatch(/^🟢 \[RESOLVED\] ServiceDown of gateway \(production\)\n[\s\S]*\nuntil \d{4}-/);
    await expect
      .poll(() => outside.pagerDuty.received[1], often)
      .toMatchObject({ event_action: 'resolve', dedup_key: outside.pagerDuty.received[0]?.dedup_key });
  });

  it.each([
    ['platform', 'warning', 'dev-team@artelbilliards.com', 'ArtelBilliards Alert: '],
    ['security', 'warning', 'security@artelbilliards.com', 'SECURITY ALERT: '],
    ['game', 'warning', 'game-dev@artelbilliards.com', 'Game Service Alert: '],
    ['product', 'info', 'product@artelbilliards.com', 'Product Metrics Alert: '],
  ])('of the team %s are mails with a subject of its own', async (team, severity, to, prefix) => {
    await running.raise(alertOf(`Trouble_${team}`, { severity, team, service: `${team}-service` }));
    await mailOf(`Trouble_${team}`).toMatchObject({
      to,
      subject: `[FIRING:1] ${prefix}Trouble_${team} of ${team}-service (production)`,
    });
    if (team === 'security')
      await expect
        .poll(() => running.outside.slackSecurity.received[0], often)
        .toMatchObject({ channel: '#security-alerts', attachments: [{ color: 'warning' }] });
  });

  it('say what an alert says to the letter, also what looks like markup', async () => {
    const hostile = `<!channel> & <b>"x"</b> <script>1</script> it's 5 + 5 > 3 * _2_: so`;
    await running.raise({
      ...alertOf('Hostile', { severity: 'critical', service: '<!here> & "co"' }),
      annotations: { summary: hostile, description: 'The second line.' },
    });
    await mailOf('Hostile').toMatchObject({
      text: expect.stringContaining(`${hostile}\nThe second line.\n`),
    });
    const { outside } = running;
    const slack = () =>
      outside.slackCritical.received.find((one) => one.attachments[0]?.title.includes('Hostile'));
    await expect
      .poll(() => slack()?.attachments[0], often)
      .toMatchObject({
        title: '[FIRING:1] Hostile of &lt;!here&gt; &amp; "co" (production)',
        text: expect.stringContaining(
          `*&lt;!channel&gt; &amp; &lt;b&gt;"x"&lt;/b&gt; &lt;script&gt;1&lt;/script&gt; it's 5 + 5 &gt; 3 * _2_: so*`,
        ),
      });
    await expect
      .poll(() => outside.telegram.received.find(({ text }) => text.includes('Hostile'))?.text, often)
      .toContain(`\n${hostile}\nThe second line.\n`);
    const pagerDuty = () =>
      outside.pagerDuty.received.find(({ payload }) => payload.summary.includes('Hostile'));
    // A no-break space behind the colon, or newer Alertmanagers would make a map of it.
    await expect
      .poll(() => pagerDuty()?.payload.custom_details, often)
      .toMatchObject({ summary: hostile.replace(': so', ':\u00a0so'), description: 'The second line.' });
    const html = outside.mail.received.find(({ subject }) => subject.includes('Hostile'))?.html;
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script>');
  });

  it('stay within what Slack and Telegram take when a group is large and its alerts are wordy', async () => {
    const many = Array.from({ length: 8 }, (_, index): Given => {
      const alert = alertOf('Flood', { severity: 'critical', instance: `host-${index}:9100` });
      return {
        ...alert,
        annotations: { ...alert.annotations, description: `${index} `.padEnd(2_000, 'word ') },
      };
    });
    await running.raise(...many);
    const { outside } = running;
    const text = () => outside.telegram.received.find((one) => one.text.includes('[FIRING:8] Flood'))?.text;
    await expect
      .poll(text, often)
      .toMatch(/\[FIRING:8\] Flood [\s\S]*…\n[\s\S]*\nand more, 8 in all\n\nSilence$/);
    await mailOf('[FIRING:8] CRITICAL: Flood').toBeDefined();
  });

  it('were all taken as they are', () => {
    const { mail, slackCritical, slackSecurity, telegram, pagerDuty, watcher } = running.outside;
    for (const { refused } of [mail, slackCritical, slackSecurity, telegram, pagerDuty, watcher])
      expect(refused).toEqual([]);
    expect(running.log()).not.toMatch(/level=(?:warn|error)/i);
  });
});
