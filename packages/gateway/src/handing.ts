import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from './clock';
import type { ExposedFamily } from './exposition';
import { createOutputs, type Outputs } from './outputs/createOutputs';
import { createForwarder } from './outputs/forwarder';
import type { OutputsConfig } from './outputs/outputsConfig';
import type { Cursors, QueueReader } from './outputs/queueReader';
import type { Tenant } from './tenants';

export interface HandingOptions {
  readonly queue: QueueReader;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
  readonly tenant: (id: string) => Tenant | undefined;
  readonly metricsSource: () => Iterable<ExposedFamily>;
}

/** The forwarder of the outputs that are configured now. */
export interface Handing {
  /** Ids of the outputs that records wait for. */
  outputs(): readonly string[];
  start(): void;
  nudge(): void;
  /** Ends the outputs and begins those of `config`, each from its cursor. */
  replace(config: OutputsConfig): Promise<void>;
  lag(): ReturnType<ReturnType<typeof createForwarder>['lag']>;
  families(): ExposedFamily[];
  close(): Promise<void>;
}

export function createHanding(config: OutputsConfig, options: HandingOptions): Handing {
  const { clock, tenant, logger } = options;
  const made = (of: OutputsConfig) => {
    const outputs: Outputs = createOutputs(of, { tenant, clock });
    return { outputs, forwarder: createForwarder({ ...options, logger, outputs }) };
  };
  let current = made(config);
  let isStarted = false;
  let isClosed = false;

  return {
    outputs: () => current.outputs.records.map(({ id }) => id),
    start() {
      isStarted = true;
      current.forwarder.start();
    },
    nudge: () => current.forwarder.nudge(),
    async replace(of) {
      // One after the other: two lanes of one output would send the same records twice.
      await current.forwarder.close();
      current = made(of);
      if (isStarted && !isClosed) current.forwarder.start();
    },
    lag: () => current.forwarder.lag(),
    families: () => current.forwarder.families(),
    async close() {
      isClosed = true;
      await current.forwarder.close();
    },
  };
}
