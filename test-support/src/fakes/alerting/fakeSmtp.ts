import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { decodeEntities } from './htmlEntities';
import { createInbox, type Inbox, spoiltText } from './inbox';

/** A message as its reader sees it. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where each link of the HTML leads, by its words. */
  readonly links: Readonly<Record<string, string>>;
}

export interface SmtpOptions {
  readonly user: string;
  readonly password: string;
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface FakeSmtp extends Inbox<Mail> {
  readonly port: number;
  close(): Promise<void>;
}

const REQUIRED_HEADERS = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'];

function linksOf(html: string): Record<string, string> {
  const links = [...html.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)];
  return Object.fromEntries(links.map(([, href = '', words = '']) => [words, decodeEntities(href)]));
}

async function readMail(source: SMTPServerDataStream): Promise<Mail> {
  // Without this the parser makes a text of the HTML, and nobody would see that the message has none.
  const parsed = await simpleParser(source, { skipHtmlToText: true });
  const absent = REQUIRED_HEADERS.filter((name) => !parsed.headers.has(name));
  if (absent.length > 0) throw new Error(`headers are missing: ${absent.join(', ')}`);
  const { from, to, subject = '', text = '', html } = parsed;
  const mail = {
    from: from?.text ?? '',
    to: Array.isArray(to) ? to.map((one) => one.text).join(', ') : (to?.text ?? ''),
    subject,
    text,
    html: html || '',
  };
  const spoilt = spoiltText(mail);
  if (spoilt) throw new Error(spoilt);
  return { ...mail, links: linksOf(mail.html) };
}

/** A mail server that takes messages of one user, over STARTTLS alone, as Gmail's does. */
export async function startFakeSmtp({ user, password, key, cert }: SmtpOptions): Promise<FakeSmtp> {
  const inbox = createInbox<Mail>();
  const refuse = (reason: string, responseCode: number) => {
    inbox.refuse(reason);
    return Object.assign(new Error(reason), { responseCode });
  };
  const server = new SMTPServer({
    key,
    cert,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth({ username, password: given }, session, done) {
      if (!session.secure) done(refuse('Must issue a STARTTLS command first', 530));
      else if (username !== user || given !== password)
        done(refuse('Username and Password not accepted', 535));
      else done(null, { user });
    },
    onMailFrom({ address }, _, done) {
      done(address === user ? null : refuse(`${address} is not the user's own address`, 550));
    },
    onData(stream, _, done) {
      readMail(stream).then(
        (mail) => {
          inbox.take(mail);
          done(null);
        },
        (error: Error) => done(refuse(error.message, 554)),
      );
    },
  });
  // A client that goes away in mid-word, as one does that was ended, is no concern of the server's.
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    ...inbox,
    port: address.port,
    close: () => new Promise((closed) => void server.close(() => closed())),
  };
}
