import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { bundleModule, bundleSource } from './bundle';
import type { Library } from './libraries';

/** Bytes of a minified bundle, as they are and compressed as a good host would. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
  readonly brotli: number;
}

function weigh(code: string): Size {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return {
    minified: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code, { params }).length,
  };
}

/** The size of a library as its adapter uses it, the adapter's own few lines included. */
export async function measureSize({ name }: Library): Promise<Size> {
  return weigh(await bundleModule(name));
}

/** The sizes that our own budget names. */
export interface OurSizes {
  /** Every export of core, with web-vitals. */
  readonly whole: Size;
  /** Every export of core, without the code of the web-vitals package. */
  readonly withoutWebVitals: Size;
  /** `createTelemetry` alone. */
  readonly bare: Size;
  /** Every export of core and of the React bindings, without React and Sentry. */
  readonly withReact: Size;
  /** The web-vitals package alone, for comparison. */
  readonly webVitals: Size;
}

const CORE = "export * from '../packages/core/dist/index.js';";

export async function measureOurSizes(): Promise<OurSizes> {
  const external = ['react', 'react/jsx-runtime', '@artel/telemetry-sentry'];
  const [whole, withoutWebVitals, bare, withReact, webVitals] = await Promise.all([
    bundleSource(CORE),
    bundleSource(CORE, ['web-vitals']),
    bundleSource("export { createTelemetry } from '../packages/core/dist/index.js';"),
    bundleSource(`${CORE} export * from '../packages/react/dist/index.js';`, external),
    bundleSource("export { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';"),
  ]);
  return {
    whole: weigh(whole),
    withoutWebVitals: weigh(withoutWebVitals),
    bare: weigh(bare),
    withReact: weigh(withReact),
    webVitals: weigh(webVitals),
  };
}
