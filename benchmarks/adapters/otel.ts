import { type Counter, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';
import type { Adapter } from './Adapter';

let counter: Counter | undefined;

/** The three signals by hand, OTLP over HTTP as JSON; metrics leave every 5 s, as ours do, in place of 60 s. */
export const { start, event }: Adapter = {
  start(origin) {
    const resource = resourceFromAttributes({ 'service.name': 'bench', 'service.version': '1.0.0' });
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${origin}/v1/metrics` }),
      exportIntervalMillis: 5_000,
      exportTimeoutMillis: 5_000,
    });
    metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: [reader] }));
    const logExporter = new OTLPLogExporter({ url: `${origin}/v1/logs` });
    const log = new BatchLogRecordProcessor({ exporter: logExporter });
    logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [log] }));
    const span = new BatchSpanProcessor(new OTLPTraceExporter({ url: `${origin}/v1/traces` }));
    trace.setGlobalTracerProvider(new WebTracerProvider({ resource, spanProcessors: [span] }));
    counter = metrics.getMeter('bench').createCounter('user_action_total');
  },
  event(action) {
    counter?.add(1, { action });
  },
};
