import type { FastifyInstance } from 'fastify';
import { createInbox, type Inbox } from './inbox';

/** One sign of life. */
export interface SignOfLife {
  /** Unix time in ms. */
  readonly at: number;
  readonly alertname: string;
}

interface Notification {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const body = {
  type: 'object',
  required: ['version', 'groupKey', 'status', 'receiver', 'alerts', 'externalURL'],
  properties: {
    version: { const: '4' },
    status: { const: 'firing' },
    alerts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['labels', 'annotations', 'startsAt', 'generatorURL', 'fingerprint'],
        properties: { labels: { type: 'object', required: ['alertname'] } },
      },
    },
  },
} as const;

/** The outside watcher of the dead man's switch: it calls somebody when it was not asked for a while. */
export function fakeWatcher(app: FastifyInstance, path: string): Inbox<SignOfLife> {
  const inbox = createInbox<SignOfLife>();
  app.post<{ Body: Notification }>(path, {
    schema: { body },
    errorHandler(error, _, reply) {
      inbox.refuse(error.message);
      return reply.code(400).send(error.message);
    },
    async handler({ body: { alerts } }) {
      inbox.take({ at: Date.now(), alertname: alerts[0]?.labels['alertname'] ?? '' });
      return 'OK';
    },
  });
  return inbox;
}
