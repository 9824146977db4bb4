import type { Launch } from '@artel/test-support/programs/launch';

/** When a part is started: each step waits for the one before. */
export const startingSteps = ['mappers', 'servers', 'apps', 'watchers'] as const;

/** One process of the stack. */
export interface StackPart {
  /** As its launch, its log and its target are called. */
  readonly name: string;
  readonly step: (typeof startingSteps)[number];
  /** Prepares its folder, and says how it is started. */
  readonly launch: () => Launch;
  /** What Prometheus scrapes of it, on 127.0.0.1. */
  readonly scraped?: { readonly job: string; readonly service: string; readonly port: number };
  /** For a person to open. */
  readonly addresses?: readonly { readonly title: string; readonly url: string }[];
}
