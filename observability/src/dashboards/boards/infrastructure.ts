import type { Board } from '../board';
import { logsLink, ofService } from '../links';
import { upOrDown } from '../mappings';
import { barGauge } from '../panels/barGauge';
import { stat } from '../panels/stat';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { orZero } from '../promql';
import { instant, range } from '../queries';
import { stores } from '../rows/stores';
import { environment } from '../variables';

const of = 'environment=~"$environment"';
const rate = (metric: string, more = '') => `rate(${metric}{${of}${more}}[$__rate_interval])`;
const real = ',device!~"lo|veth.*|docker.*|br-.*|cali.*"';
const disks = `${of},fstype!~"tmpfs|ramfs|squashfs|overlay|iso9660|fuse.*"`;
const systemLog = [logsLink('System log', '{job="syslog"}')];

/** Machines, stores, and the monitoring itself. */
export const infrastructure: Board = {
  name: 'infrastructure',
  audience: 'Platform',
  title: 'Infrastructure',
  description: 'Do machines, PostgreSQL, Redis, RabbitMQ and the monitoring itself have room and answer?',
  from: 'now-3h',
  variables: [environment],
  rows: [
    {
      title: 'Targets',
      panels: [
        stat({
          title: 'Targets',
          description: 'Whether Prometheus reaches what it scrapes, by service: the worst of its instances.',
          width: 24,
          height: 5,
          queries: [instant(`min by (service) (up{${of}})`, '{{service}}')],
          mappings: upOrDown,
          thresholds: ['red', [1, 'green']],
          links: ofService,
        }),
      ],
    },
    {
      title: 'Machines',
      panels: [
        timeseries({
          title: 'CPU Usage',
          description: 'Part of all cores of a machine that is not idle.',
          width: 8,
          unit: 'percentunit',
          max: 1,
          queries: [
            range(
              `1 - avg by (instance) (${rate('node_cpu_seconds_total', ',mode="idle"')})`,
              '{{instance}}',
            ),
          ],
          thresholds: ['green', [0.85, 'red']],
          panelLinks: systemLog,
        }),
        timeseries({
          title: 'Memory Usage',
          description: 'Part of the memory that the kernel could not give to a program without swapping.',
          width: 8,
          unit: 'percentunit',
          max: 1,
          queries: [
            range(
              `1 - node_memory_MemAvailable_bytes{${of}} / node_memory_MemTotal_bytes{${of}}`,
              '{{instance}}',
            ),
          ],
          thresholds: ['green', [0.9, 'red']],
          panelLinks: systemLog,
        }),
        timeseries({
          title: 'Load per Core',
          description: 'Processes that run or wait, over five minutes, for each core. Above 1 some wait.',
          width: 8,
          unit: 'none',
          decimals: 2,
          queries: [
            range(
              `sum by (instance) (node_load5{${of}}) / count by (instance) (node_cpu_seconds_total{${of},mode="idle"})`,
              '{{instance}}',
            ),
          ],
          thresholds: ['green', [1, 'orange']],
        }),
        barGauge({
          title: 'Disk Used',
          description: 'Part of each file system that is full. 80 % alerts as DiskSpaceLow.',
          width: 8,
          unit: 'percentunit',
          max: 1,
          queries: [
            instant(
              `1 - node_filesystem_avail_bytes{${disks}} / node_filesystem_size_bytes{${disks}}`,
              '{{instance}} {{mountpoint}}',
            ),
          ],
          thresholds: ['green', [0.7, 'orange'], [0.8, 'red']],
        }),
        timeseries({
          title: 'Disk Busy',
          description: 'Part of the time in which a disk had something to do.',
          width: 8,
          unit: 'percentunit',
          max: 1,
          queries: [
            range(
              orZero(`sum by (instance, device) (${rate('node_disk_io_time_seconds_total')})`, {
                device: 'none',
              }),
              '{{instance}} {{device}}',
            ),
          ],
        }),
        timeseries({
          title: 'Network',
          description: 'Bytes a second by device, in and out, without loopback and those of containers.',
          width: 8,
          unit: 'binBps',
          queries: [
            range(
              orZero(`sum by (instance, device) (${rate('node_network_receive_bytes_total', real)})`, {
                device: 'none',
              }),
              'in {{instance}} {{device}}',
            ),
            range(
              orZero(`sum by (instance, device) (${rate('node_network_transmit_bytes_total', real)})`, {
                device: 'none',
              }),
              'out {{instance}} {{device}}',
            ),
          ],
        }),
      ],
    },
    ...stores,
    {
      title: 'The monitoring itself',
      panels: [
        timeseries({
          title: 'Series in Prometheus',
          description: 'Series in the head of Prometheus: what its memory goes by.',
          width: 8,
          unit: 'short',
          queries: [range(`prometheus_tsdb_head_series{${of}}`, '{{instance}}')],
        }),
        timeseries({
          title: 'Rule Evaluation',
          description: 'How long the evaluation of a group of rules took, the slowest hundredth.',
          width: 8,
          unit: 's',
          queries: [
            range(
              `max by (instance) (prometheus_rule_group_duration_seconds{${of},quantile="0.99"})`,
              '{{instance}}',
            ),
          ],
        }),
        timeseries({
          title: 'Failures of the Monitoring',
          description:
            'Rules that could not be evaluated, alerts that Prometheus could not hand on, notifications that Alertmanager could not send. All have to be 0.',
          width: 8,
          unit: 'cps',
          queries: [
            range(orZero(`sum(${rate('prometheus_rule_evaluation_failures_total')})`), 'rules'),
            range(orZero(`sum(${rate('prometheus_notifications_dropped_total')})`), 'alerts dropped'),
            range(orZero(`sum(${rate('alertmanager_notifications_failed_total')})`), 'notifications failed'),
          ],
          thresholds: ['green', [0.001, 'red']],
        }),
        table({
          title: 'Slowest Scrapes',
          description: 'Targets by how long their last scrape took, and how many samples it brought.',
          width: 24,
          labels: { job: 'Job', instance: 'Instance', service: 'Service' },
          columns: [
            {
              name: 'Duration',
              unit: 's',
              thresholds: ['green', [2, 'red']],
              expr: `sum by (job, instance, service) (scrape_duration_seconds{${of}})`,
            },
            {
              name: 'Samples',
              unit: 'short',
              expr: `sum by (job, instance, service) (scrape_samples_scraped{${of}})`,
            },
          ],
        }),
      ],
    },
  ],
};
