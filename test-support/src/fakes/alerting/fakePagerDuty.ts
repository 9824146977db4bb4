import type { FastifyInstance } from 'fastify';
import { createInbox, type Inbox, spoiltText } from './inbox';

/** An event of PagerDuty's Events API, version 2. */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly client: string;
  readonly client_url: string;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: string;
    readonly class?: string;
    readonly component?: string;
    readonly group?: string;
    /** Ours are texts; Alertmanager adds counts and lists of its own, as texts before 0.30 and as JSON since. */
    readonly custom_details: Readonly<Record<(typeof ownDetails)[number], string>> &
      Readonly<Record<'num_firing' | 'num_resolved', string | number>>;
  };
}

const text = { type: 'string', minLength: 1 } as const;
const url = { type: 'string', format: 'uri', pattern: '^https?://' } as const;

const ownDetails = ['summary', 'description', 'silence'] as const;

/**
 * Stricter than PagerDuty in one thing: our own details must be texts, for the one on call is to read them as they are.
 * https://developer.pagerduty.com/docs/send-alert-event
 */
const body = {
  type: 'object',
  required: ['routing_key', 'event_action', 'dedup_key', 'payload', 'client', 'client_url'],
  additionalProperties: false,
  properties: {
    routing_key: { type: 'string', minLength: 32, maxLength: 32 },
    event_action: { enum: ['trigger', 'resolve'] },
    dedup_key: { type: 'string', minLength: 1, maxLength: 255 },
    client: text,
    client_url: url,
    images: { type: 'array', maxItems: 0 },
    links: {
      type: 'array',
      items: {
        type: 'object',
        required: ['href', 'text'],
        additionalProperties: false,
        properties: { href: url, text },
      },
    },
    payload: {
      type: 'object',
      required: ['summary', 'source', 'severity', 'custom_details'],
      additionalProperties: false,
      properties: {
        summary: { ...text, maxLength: 1_024 },
        source: text,
        severity: { enum: ['critical', 'error', 'warning', 'info'] },
        timestamp: { type: 'string' },
        class: text,
        component: text,
        group: text,
        custom_details: {
          type: 'object',
          required: ownDetails,
          properties: Object.fromEntries(ownDetails.map((name) => [name, text])),
        },
      },
    },
  },
} as const;

/** Answers as the Events API does to the owner of one integration key. */
export function fakePagerDuty(app: FastifyInstance, routingKey: string): Inbox<PagerDutyEvent> {
  const inbox = createInbox<PagerDutyEvent>();
  app.post<{ Body: PagerDutyEvent & { routing_key: string } }>('/v2/enqueue', {
    schema: { body },
    errorHandler(error, _, reply) {
      inbox.refuse(error.message);
      return reply.code(400).send({
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: [error.message],
      });
    },
    async handler({ body: { routing_key, ...event } }, reply) {
      if (routing_key !== routingKey) throw new Error("'routing_key' is of no integration");
      const { custom_details: details, summary, source } = event.payload;
      const { summary: told, description } = details;
      const spoilt = spoiltText({ summary, source, told, description });
      if (spoilt) throw new Error(spoilt);
      inbox.take(event);
      return reply
        .code(202)
        .send({ status: 'success', message: 'Event processed', dedup_key: event.dedup_key });
    },
  });
  return inbox;
}
