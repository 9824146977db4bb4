import type { FastifyInstance } from 'fastify';
import { createInbox, type Inbox, spoiltText } from './inbox';

/** What Alertmanager says in a channel. */
export interface SlackMessage {
  readonly channel: string;
  readonly username?: string;
  readonly attachments: readonly SlackAttachment[];
}

interface SlackAttachment {
  readonly title: string;
  readonly title_link: string;
  readonly text: string;
  readonly fallback: string;
  readonly footer: string;
  readonly color: string;
}

const text = { type: 'string', minLength: 1 } as const;

/**
 * An incoming webhook's fields, those of an attachment with its links among them.
 *
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
 */
const body = {
  type: 'object',
  required: ['channel', 'attachments'],
  additionalProperties: false,
  properties: {
    channel: { type: 'string', pattern: '^#[a-z0-9_-]{1,79}$' },
    username: text,
    attachments: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        required: ['title', 'title_link', 'text', 'fallback', 'footer', 'color', 'mrkdwn_in'],
        additionalProperties: false,
        properties: {
          title: text,
          title_link: { type: 'string', format: 'uri', pattern: '^https?://' },
          text: { ...text, maxLength: 8_000 },
          fallback: text,
          footer: { ...text, maxLength: 300 },
          color: { type: 'string', pattern: '^(good|warning|danger|#[0-9a-f]{6})$' },
          callback_id: { type: 'string' },
          mrkdwn_in: { type: 'array', items: { enum: ['pretext', 'text', 'fields', 'fallback'] } },
        },
      },
    },
  },
} as const;

/** What is left of `<`, `>` and `&` when links and entities are taken out: markup that nobody meant, a mention perhaps. */
function strayMarkup(written: string): string | undefined {
  const rest = written.replace(/<https?:\/\/[^\s<>|]+\|[^<>|]+>/g, '').replace(/&(?:amp|lt|gt);/g, '');
  return /[<>&].*/.exec(rest)?.[0];
}

/** Answers as Slack does at the address of one webhook. */
export function fakeSlack(app: FastifyInstance, path: string): Inbox<SlackMessage> {
  const inbox = createInbox<SlackMessage>();
  app.post<{ Body: SlackMessage }>(path, {
    schema: { body },
    errorHandler(error, _, reply) {
      inbox.refuse(error.message);
      return reply.code(400).type('text/plain').send('invalid_payload');
    },
    async handler({ body: message }, reply) {
      for (const { title, text: said, footer, fallback } of message.attachments) {
        const stray = [title, said, footer].map(strayMarkup).find((one) => one !== undefined);
        const spoilt = stray ? `stray markup: ${stray}` : spoiltText({ title, text: said, footer, fallback });
        if (spoilt) throw new Error(spoilt);
      }
      inbox.take(message);
      return reply.type('text/plain').send('ok');
    },
  });
  return inbox;
}
