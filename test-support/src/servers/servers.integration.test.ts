import { createClient } from '@redis/client';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { ofTest } from './ofTest';
import { startPostgres, withoutPostgres } from './postgres';
import { startRabbitMq, withoutRabbitMq } from './rabbitMq';
import { startRedis, withoutRedis } from './redis';

it.skipIf(withoutPostgres)(
  'keeps what PostgreSQL has committed when it is ended and started again',
  async () => {
    const server = await ofTest(startPostgres());
    const ask = async (sql: string): Promise<unknown[]> => {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      return client
        .query(sql)
        .then(({ rows }) => rows)
        .finally(() => client.end());
    };
    await ask('CREATE TABLE shots (id int)');
    await ask('INSERT INTO shots VALUES (7)');
    await server.stop();
    await expect(ask('SELECT id FROM shots')).rejects.toThrow('ECONNREFUSED');
    await server.start();
    expect(await ask('SELECT id FROM shots')).toEqual([{ id: 7 }]);
  },
);

it.skipIf(withoutRedis)('keeps what Redis has taken when it is ended and started again', async () => {
  const server = await ofTest(startRedis());
  const ask = async (...command: string[]): Promise<unknown> => {
    const client = createClient({ url: server.url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    return client.sendCommand(command).finally(() => client.destroy());
  };
  await ask('SET', 'ball', '8');
  await server.stop();
  await expect(ask('GET', 'ball')).rejects.toThrow('ECONNREFUSED');
  await server.start();
  expect(await ask('GET', 'ball')).toBe('8');
});

it.skipIf(withoutRabbitMq)('keeps durable messages when RabbitMQ is ended and started again', async () => {
  const server = await ofTest(startRabbitMq());
  const before = await connect(server.url);
  before.on('error', () => {});
  const channel = await before.createConfirmChannel();
  channel.on('error', () => {});
  await channel.assertQueue('shots', { durable: true });
  channel.sendToQueue('shots', Buffer.from('8'), { persistent: true });
  await channel.waitForConfirms();
  await server.stop();
  await expect(connect(server.url)).rejects.toThrow('ECONNREFUSED');
  await server.start();
  const after = await connect(server.url);
  const message = await (await after.createChannel()).get('shots');
  expect(message ? message.content.toString() : undefined).toBe('8');
  await after.close();
});
