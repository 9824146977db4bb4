import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Bundle, bundleSource } from './bundle';

/** Bytes of files, minified, and with each file compressed on its own, as a server sends it. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
  readonly brotli: number;
}

export interface BundleSize {
  /** What a page must load before it starts. */
  readonly eager: Size;
  /** The same and every chunk that it can load later. */
  readonly all: Size;
}

/** Our own sizes, in the cuts that our goals name. React and Sentry are not in them. */
export interface OurSizes {
  /** `initTelemetry`, `ErrorBoundary`, `useMetrics` and every integration. */
  readonly app: BundleSize;
  /** Every export of core. */
  readonly core: BundleSize;
  /** Every export of core and of the React bindings. */
  readonly withReact: BundleSize;
  /** `createTelemetry` alone. */
  readonly bare: BundleSize;
  /** The five metrics of the web-vitals package, for comparison. */
  readonly webVitals: BundleSize;
}

function weigh({ files }: Bundle, names: Iterable<string>): Size {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const size = { minified: 0, gzip: 0, brotli: 0 };
  for (const name of names) {
    const bytes = Buffer.from(files.get(name) ?? '');
    size.minified += bytes.length;
    size.gzip += gzipSync(bytes, { level: 9 }).length;
    size.brotli += brotliCompressSync(bytes, { params }).length;
  }
  return size;
}

/** Returns the sizes of a bundle. */
export const weighBundle = (bundle: Bundle): BundleSize => ({
  eager: weigh(bundle, bundle.eager),
  all: weigh(bundle, bundle.files.keys()),
});

const CORE = '../packages/core/dist/index.js';
const REACT = '../packages/react/dist/index.js';
const external = ['react', 'react/jsx-runtime', '@artel/telemetry-sentry'];

const weighSource = async (source: string) => weighBundle(await bundleSource(source, external));

/** Returns our own sizes. */
export async function measureOurSizes(): Promise<OurSizes> {
  // `telegram` is named so that it counts even where it is no default.
  const app = `export { ErrorBoundary, initTelemetry, telegram, useMetrics } from '${REACT}';`;
  return {
    app: await weighSource(app),
    core: await weighSource(`export * from '${CORE}';`),
    withReact: await weighSource(`export * from '${CORE}'; export * from '${REACT}';`),
    bare: await weighSource(`export { createTelemetry } from '${CORE}';`),
    webVitals: await weighSource("export { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';"),
  };
}
