import type { IdGenerator } from '@opentelemetry/sdk-trace-base';

const ZEROS = /^0+$/;

function hex8(): string {
  return Math.floor(Math.random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}

function id(words: number): string {
  let made = '';
  do {
    made = '';
    for (let word = 0; word < words; word++) made += hex8();
  } while (ZEROS.test(made));
  return made;
}

/** Random ids, none of them all zeros: https://www.w3.org/TR/trace-context/#trace-id */
export const traceIds: IdGenerator = {
  generateTraceId: () => id(4),
  generateSpanId: () => id(2),
};
