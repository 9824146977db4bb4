import Fastify from 'fastify';
import { generate } from 'selfsigned';
import { fakePagerDuty, type PagerDutyEvent } from './fakePagerDuty';
import { fakeSlack, type SlackMessage } from './fakeSlack';
import { type Mail, startFakeSmtp } from './fakeSmtp';
import { fakeTelegram, type TelegramMessage } from './fakeTelegram';
import { fakeWatcher, type SignOfLife } from './fakeWatcher';
import type { Inbox } from './inbox';

/** What the outside knows us by. */
export interface Accounts {
  readonly mailUser: string;
  readonly mailPassword: string;
  readonly botToken: string;
  readonly chat: string;
  readonly routingKey: string;
}

/** Everything that Alertmanager talks to, on loopback. */
export interface Outside {
  readonly url: string;
  readonly smtpPort: number;
  /** Of the mail server, PEM. */
  readonly certificate: string;
  readonly mail: Inbox<Mail>;
  readonly slackCritical: Inbox<SlackMessage>;
  readonly slackSecurity: Inbox<SlackMessage>;
  readonly telegram: Inbox<TelegramMessage>;
  readonly pagerDuty: Inbox<PagerDutyEvent>;
  readonly watcher: Inbox<SignOfLife>;
  close(): Promise<void>;
}

export const OUTSIDE_PATHS = {
  slackCritical: '/services/T0001/B0001/critical',
  slackSecurity: '/services/T0001/B0002/security',
  watcher: '/ping/5f0c1d2e',
} as const;

/** Starts the fakes of SMTP, Slack, Telegram, PagerDuty and the watcher of the dead man's switch. */
export async function startOutside(accounts: Accounts): Promise<Outside> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const smtp = await startFakeSmtp({
    user: accounts.mailUser,
    password: accounts.mailPassword,
    key,
    cert,
  });
  // Fastify's own settings mend a body: they take out what is too much and turn a 1 into "1".
  const app = Fastify({
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: true },
    },
    schemaErrorFormatter: (errors) =>
      new Error(
        errors.map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`).join('; '),
      ),
  });
  const outside = {
    mail: smtp,
    slackCritical: fakeSlack(app, OUTSIDE_PATHS.slackCritical),
    slackSecurity: fakeSlack(app, OUTSIDE_PATHS.slackSecurity),
    telegram: fakeTelegram(app, accounts.botToken, accounts.chat),
    pagerDuty: fakePagerDuty(app, accounts.routingKey),
    watcher: fakeWatcher(app, OUTSIDE_PATHS.watcher),
  };
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    ...outside,
    url,
    smtpPort: smtp.port,
    certificate: cert,
    async close() {
      await Promise.all([smtp.close(), app.close()]);
    },
  };
}
