import { until } from '@artel/test-support/programs/waitUntil';
import { startRabbitMq, withoutRabbitMq } from '@artel/test-support/servers/rabbitMq';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type Channel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { recordSpans } from '../../fixtures/recordSpans';
import { sampleOf } from '../../fixtures/sampleOf';
import { createAppMetrics } from '../metrics';
import { instrumentAmqp } from './amqp';

let server: RunningServer | undefined;
beforeAll(async () => {
  if (!withoutRabbitMq) server = await startRabbitMq();
});
afterAll(() => server?.close());

async function start() {
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const connection = await connect(server?.url ?? '');
  connection.on('error', () => {});
  onTestFinished(() => connection.close().catch(() => {}));
  const bare = await connection.createConfirmChannel();
  const channel = instrumentAmqp(bare, { metrics });
  expect(channel).toBe(bare);
  expectTypeOf(channel).toEqualTypeOf<ConfirmChannel>();
  channel.on('error', () => {});
  const count = (direction: string, queue: string) =>
    sampleOf(metrics, `amqp_messages_total{direction="${direction}",queue="${queue}",service="game"}`);
  return { connection, channel, metrics, count };
}

const said = (message: ConsumeMessage | null): string | undefined => message?.content.toString();

/** The next message of a queue, handled by `run`. */
function consumed<Result>(
  channel: Channel,
  queue: string,
  run: (message: ConsumeMessage) => Result,
): Promise<Result> {
  return new Promise((resolve) => {
    void channel.consume(queue, (message) => {
      if (!message) return;
      channel.ack(message);
      const result = run(message);
      resolve(result);
      return result;
    });
  });
}

describe.skipIf(withoutRabbitMq)('a channel of RabbitMQ', () => {
  it('carries a trace from the publisher through the broker into the consumer', async () => {
    const spans = recordSpans();
    const { channel, count } = await start();
    const { queue } = await channel.assertQueue('traced', { durable: false });
    const inConsumer = consumed(channel, queue, async (message) => {
      await Promise.resolve();
      trace.getTracer('test').startSpan('stats').end();
      return { headers: message.properties.headers, text: said(message) };
    });
    trace.getTracer('test').startActiveSpan('tap', (span) => {
      expect(channel.sendToQueue(queue, Buffer.from('8'), { headers: { own: 'kept' } })).toBe(true);
      span.end();
    });
    const { headers, text } = await inConsumer;
    expect(text).toBe('8');
    expect(headers?.['own']).toBe('kept');
    const { traceId } = spans.one('tap').spanContext();
    expect(headers?.['traceparent']).toContain(traceId);
    await until(() => spans.ended().length === 4);
    const publish = spans.one('publish traced');
    const process = spans.one('process traced');
    expect(publish.parentSpanContext?.spanId).toBe(spans.one('tap').spanContext().spanId);
    expect(process.parentSpanContext?.spanId).toBe(publish.spanContext().spanId);
    expect(spans.one('stats').parentSpanContext?.spanId).toBe(process.spanContext().spanId);
    expect([publish.kind, process.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
    expect(process.attributes).toMatchObject({
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': 'traced',
      'messaging.operation.type': 'process',
    });
    expect(await count('published', 'traced')).toBe(1);
    expect(await count('consumed', 'traced')).toBe(1);
  });

  it('counts by exchange, leaves options alone, and tells of the broker’s confirmation in the caller’s context', async () => {
    const spans = recordSpans();
    const { channel, count } = await start();
    await channel.assertExchange('games', 'topic', { durable: false });
    const options = { persistent: false };
    const context = await trace.getTracer('test').startActiveSpan('tap', async (span) => {
      const active = await new Promise((resolve) => {
        channel.publish('games', 'kolkhoz.shot', Buffer.from('8'), options, (error) => {
          resolve(error ?? trace.getActiveSpan());
        });
      });
      span.end();
      return active === span;
    });
    expect(context).toBe(true);
    expect(options).toEqual({ persistent: false });
    expect(await count('published', 'games')).toBe(1);
    expect(spans.one('publish games').status.code).toBe(SpanStatusCode.UNSET);
    await channel.waitForConfirms();
  });

  it('starts a trace of its own for a message without one, and passes a cancelled consumer’s null on', async () => {
    const spans = recordSpans();
    const { channel, connection, count } = await start();
    const { queue } = await channel.assertQueue('', { exclusive: false, autoDelete: true });
    const plain = await connection.createChannel();
    const seen: (string | undefined)[] = [];
    await channel.consume(queue, (message) => void seen.push(said(message)), { noAck: true });
    plain.sendToQueue(queue, Buffer.from('bare'), { headers: { traceparent: 7 } });
    await until(() => seen.length === 1);
    await plain.deleteQueue(queue);
    await until(() => seen.length === 2);
    expect(seen).toEqual(['bare', undefined]);
    expect(spans.one('process amq.gen').parentSpanContext).toBeUndefined();
    expect(await count('consumed', 'amq.gen')).toBe(1);
  });

  it('tells in the span that a handler failed', async () => {
    const spans = recordSpans();
    const { channel } = await start();
    const { queue } = await channel.assertQueue('failing', { durable: false });
    const unhandled = new Promise((resolve) => process.once('unhandledRejection', resolve));
    void consumed(channel, queue, async () => {
      throw new RangeError('secret');
    }).catch(() => {});
    channel.sendToQueue(queue, Buffer.from('8'));
    expect(await unhandled).toBeInstanceOf(RangeError);
    await until(() => spans.ended().some(({ name }) => name === 'process failing'));
    const failed = spans.one('process failing');
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(failed.attributes['error.type']).toBe('RangeError');
  });

  it('says so when the broker is away', async () => {
    const { channel, connection, metrics } = await start();
    const closed = new Promise((resolve) => connection.once('close', resolve));
    await server?.stop();
    await closed;
    expect(() => channel.sendToQueue('traced', Buffer.from('8'))).toThrow('hannel closed');
    const { body } = await metrics.expose();
    expect(body).toMatch(
      /network_errors_total\{target="rabbitmq",error_type="(?:closed|ECONNRESET)",service="game"\}/,
    );
    expect(body).not.toContain('direction="published"');

    await server?.start();
    const again = await start();
    await again.channel.assertQueue('healed', { durable: false });
    const heard = consumed(again.channel, 'healed', said);
    again.channel.sendToQueue('healed', Buffer.from('9'));
    expect(await heard).toBe('9');
  });
});
