import type { FastifyInstance } from 'fastify';
import { createInbox, type Inbox, spoiltText } from './inbox';
import { readTelegramHtml, type TelegramText } from './telegramHtml';

/** A message as its readers see it. */
export interface TelegramMessage extends TelegramText {
  readonly chatId: string;
}

interface SendMessage {
  readonly chat_id: string | number;
  readonly text: string;
}

/** https://core.telegram.org/bots/api#sendmessage */
const body = {
  type: 'object',
  required: ['chat_id', 'text', 'parse_mode'],
  additionalProperties: false,
  properties: {
    chat_id: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^(-?\\d+|@\\w+)$' }] },
    text: { type: 'string', minLength: 1 },
    parse_mode: { const: 'HTML' },
    // The library that Alertmanager uses writes flags as text.
    disable_notification: { enum: [true, false, 'true', 'false'] },
    disable_web_page_preview: { enum: [true, false, 'true', 'false'] },
  },
} as const;

const MAX_TEXT = 4_096;

/** Answers as the Bot API does to one bot, which is a member of one chat. */
export function fakeTelegram(app: FastifyInstance, token: string, chat: string): Inbox<TelegramMessage> {
  const inbox = createInbox<TelegramMessage>();
  app.post<{ Params: { token: string; method: string }; Body: SendMessage }>('/bot:token/:method', {
    schema: { body },
    errorHandler(error, _, reply) {
      inbox.refuse(error.message);
      const status = error.statusCode ?? 400;
      return reply
        .code(status)
        .send({ ok: false, error_code: status, description: `Bad Request: ${error.message}` });
    },
    async handler({ params, body: message }) {
      if (params.token !== token) throw Object.assign(new Error('Unauthorized'), { statusCode: 401 });
      if (params.method !== 'sendMessage') throw Object.assign(new Error('Not Found'), { statusCode: 404 });
      if (String(message.chat_id) !== chat) throw new Error('chat not found');
      const read = readTelegramHtml(message.text);
      if (read.text.length > MAX_TEXT) throw new Error('message is too long');
      const spoilt = spoiltText({ text: read.text });
      if (spoilt) throw new Error(spoilt);
      inbox.take({ chatId: String(message.chat_id), ...read });
      const id = inbox.received.length;
      return {
        ok: true,
        result: { message_id: id, date: 0, chat: { id: Number(chat), type: 'supergroup' } },
      };
    },
  });
  return inbox;
}
