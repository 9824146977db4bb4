/**
 * What rules and runbooks ask of programs that are not ours, as their releases in Debian 12 emit it: node_exporter 1.5,
 * postgres_exporter 0.11, redis_exporter 1.45, the plugin of RabbitMQ 3.10, Prometheus 2.42, Alertmanager 0.25 and
 * blackbox_exporter 0.23; of a Node service, what prom-client adds by itself.
 */
export const exporterMetrics: ReadonlySet<string> = new Set([
  ...['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS'],
  ...['process_start_time_seconds', 'process_resident_memory_bytes', 'process_cpu_seconds_total'],
  ...['process_open_fds', 'process_max_fds'],
  ...['nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'],

  ...['node_filesystem_avail_bytes', 'node_filesystem_size_bytes', 'node_filesystem_readonly'],
  ...['node_filesystem_files_free', 'node_disk_io_time_seconds_total', 'node_disk_write_time_seconds_total'],
  ...['node_disk_writes_completed_total', 'node_cpu_seconds_total'],
  ...['node_network_receive_errs_total', 'node_network_transmit_errs_total'],
  ...['node_network_receive_packets_total', 'node_network_transmit_packets_total'],
  ...['node_network_receive_drop_total', 'node_network_transmit_drop_total', 'node_network_up'],
  ...['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes', 'node_vmstat_oom_kill'],

  ...['pg_up', 'pg_exporter_last_scrape_error', 'pg_settings_max_connections'],
  ...['pg_stat_activity_count', 'pg_stat_activity_max_tx_duration', 'pg_locks_count'],

  ...['redis_up', 'redis_memory_used_bytes', 'redis_memory_max_bytes', 'redis_evicted_keys_total'],
  ...[
    'redis_aof_enabled',
    'redis_aof_last_write_status',
    'redis_connected_clients',
    'redis_uptime_in_seconds',
  ],
  ...['redis_db_keys', 'redis_rejected_connections_total'],

  ...['rabbitmq_alarms_memory_used_watermark', 'rabbitmq_alarms_free_disk_space_watermark'],
  ...['rabbitmq_alarms_file_descriptor_limit', 'rabbitmq_connections', 'rabbitmq_build_info'],
  ...['rabbitmq_process_resident_memory_bytes', 'rabbitmq_resident_memory_limit_bytes'],
  ...['rabbitmq_disk_space_available_bytes', 'rabbitmq_disk_space_available_limit_bytes'],
  ...['rabbitmq_process_open_fds', 'rabbitmq_process_max_fds'],
  ...['rabbitmq_detailed_queue_messages_ready', 'rabbitmq_detailed_queue_messages_unacked'],
  ...['rabbitmq_detailed_queue_consumers'],

  ...['probe_success', 'probe_ssl_earliest_cert_expiry', 'probe_duration_seconds'],

  ...['prometheus_rule_evaluation_failures_total', 'prometheus_rule_group_last_duration_seconds'],
  ...['prometheus_rule_group_interval_seconds', 'prometheus_notifications_dropped_total'],
  ...['prometheus_notifications_alertmanagers_discovered', 'prometheus_notifications_errors_total'],
  ...['prometheus_config_last_reload_successful', 'prometheus_tsdb_head_series'],
  ...['alertmanager_notifications_failed_total', 'alertmanager_notifications_total'],
  ...['alertmanager_config_last_reload_successful'],
]);
