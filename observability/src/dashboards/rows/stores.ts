import type { Row } from '../board';
import { ofService } from '../links';
import { stat } from '../panels/stat';
import { timeseries } from '../panels/timeseries';
import { range } from '../queries';

const of = 'environment=~"$environment"';
const rate = (metric: string) => `rate(${metric}{${of}}[$__rate_interval])`;

/** PostgreSQL, Redis and RabbitMQ, and who is connected. */
export const stores: readonly Row[] = [
  {
    title: 'PostgreSQL and connections',
    panels: [
      timeseries({
        title: 'Database Connections',
        description: 'Connections of a service’s pool that are in use, and the most that it opens.',
        width: 8,
        queries: [
          range(`sum by (service, database) (db_connections_active{${of}})`, '{{database}} - {{service}}'),
          range(`sum by (service, database) (db_connections_max{${of}})`, '{{database}} - {{service}}, most'),
        ],
        links: ofService,
      }),
      timeseries({
        title: 'Server Connections',
        description:
          'Connections at PostgreSQL by what they do. Many that are idle in transaction hold locks.',
        width: 8,
        stacked: true,
        queries: [range(`sum by (state) (pg_stat_activity_count{${of}}) > 0`, '{{state}}')],
      }),
      stat({
        title: 'WebSocket Connections',
        description: 'Open WebSocket connections of all services.',
        width: 8,
        height: 8,
        queries: [range(`sum(websocket_connections_active{${of}})`, 'active connections')],
      }),
      timeseries({
        title: 'Transactions',
        description: 'Transactions a second, committed and rolled back.',
        width: 8,
        unit: 'ops',
        queries: [
          range(`sum(${rate('pg_stat_database_xact_commit')})`, 'committed'),
          range(`sum(${rate('pg_stat_database_xact_rollback')})`, 'rolled back'),
        ],
      }),
      timeseries({
        title: 'Buffer Cache Hits',
        description:
          'Part of the blocks read that were in PostgreSQL’s memory. Below 99 % its memory is too small.',
        width: 8,
        unit: 'percentunit',
        softMin: 0.9,
        max: 1,
        queries: [
          range(
            `sum(${rate('pg_stat_database_blks_hit')}) / (sum(${rate('pg_stat_database_blks_hit')}) + sum(${rate('pg_stat_database_blks_read')}))`,
            'hits',
          ),
        ],
        thresholds: ['red', [0.9, 'orange'], [0.99, 'green']],
      }),
      timeseries({
        title: 'Database Size',
        description: 'Bytes that each database takes on the disk.',
        width: 8,
        unit: 'bytes',
        queries: [
          range(`max by (datname) (pg_database_size_bytes{${of},datname!~"template.+"})`, '{{datname}}'),
        ],
      }),
    ],
  },
  {
    title: 'Redis and RabbitMQ',
    panels: [
      timeseries({
        title: 'Redis Memory',
        description: 'Bytes that Redis holds, and the most that it may; 0 is without a limit.',
        width: 8,
        unit: 'bytes',
        queries: [
          range(`redis_memory_used_bytes{${of}}`, '{{instance}}'),
          range(`redis_memory_max_bytes{${of}}`, '{{instance}}, most'),
        ],
      }),
      timeseries({
        title: 'Redis Commands',
        description: 'Commands that Redis carried out, a second.',
        width: 8,
        unit: 'ops',
        queries: [range(`sum by (instance) (${rate('redis_commands_processed_total')})`, '{{instance}}')],
      }),
      timeseries({
        title: 'Redis Clients and Evictions',
        description:
          'Clients, and keys a second that were thrown out for want of memory: the ledger must not lose any.',
        width: 8,
        queries: [
          range(`sum by (instance) (redis_connected_clients{${of}})`, 'clients {{instance}}'),
          range(`sum by (instance) (${rate('redis_evicted_keys_total')})`, 'evictions {{instance}}'),
        ],
      }),
      timeseries({
        title: 'RabbitMQ Queues',
        description: 'Messages that wait for a consumer, and those that one has but has not confirmed.',
        width: 8,
        stacked: true,
        queries: [
          range(`sum(rabbitmq_queue_messages_ready{${of}})`, 'ready'),
          range(`sum(rabbitmq_queue_messages_unacked{${of}})`, 'unconfirmed'),
        ],
      }),
      timeseries({
        title: 'RabbitMQ Messages',
        description: 'Messages a second that came in, and that went out to consumers.',
        width: 8,
        unit: 'cps',
        queries: [
          range(`sum(${rate('rabbitmq_global_messages_received_total')})`, 'received'),
          range(`sum(${rate('rabbitmq_global_messages_delivered_total')})`, 'delivered'),
        ],
      }),
      timeseries({
        title: 'RabbitMQ Consumers',
        description: 'Consumers and connections. A queue without a consumer only grows.',
        width: 8,
        queries: [
          range(`sum(rabbitmq_queue_consumers{${of}})`, 'consumers'),
          range(`sum(rabbitmq_connections{${of}})`, 'connections'),
        ],
      }),
    ],
  },
];
