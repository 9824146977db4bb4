import { resolve } from 'node:path';
import type { PluginOption } from 'vite';

export interface SourceMapOptions {
  /** The name under which the SDK reports too: `name@version` of the app. */
  readonly release: string;
  /** The build's environment: `SENTRY_AUTH_TOKEN`, `SENTRY_ORG`, `SENTRY_PROJECT`, and `SENTRY_URL` for one's own. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Uploads the build's source maps to Sentry and removes them from it, so that only Sentry can read the sources. Without
 * `SENTRY_AUTH_TOKEN` nothing of it is even loaded. The build has to make maps that its files do not name: `sourcemap`.
 */
export async function sourceMaps({ release, env }: SourceMapOptions): Promise<{
  readonly sourcemap: false | 'hidden';
  readonly plugins: PluginOption[];
}> {
  const { SENTRY_AUTH_TOKEN: authToken, SENTRY_ORG: org, SENTRY_PROJECT: project, SENTRY_URL: url } = env;
  if (!authToken) return { sourcemap: false, plugins: [] };
  const { sentryVitePlugin } = await import('@sentry/vite-plugin');
  let foundOutput: (maps: readonly string[]) => void = () => {};
  const maps = new Promise<readonly string[]>((found) => {
    foundOutput = found;
  });
  return {
    sourcemap: 'hidden',
    plugins: [
      {
        name: 'artel:output',
        configResolved({ root, build }) {
          foundOutput([resolve(root, build.outDir, '**/*.map')]);
        },
      },
      sentryVitePlugin({
        authToken,
        ...(org && { org }),
        ...(project && { project }),
        ...(url && { url }),
        // The SDK is given its release by name: nothing has to be put into the bundle for it.
        release: { name: release, inject: false },
        sourcemaps: { filesToDeleteAfterUpload: maps.then((all) => [...all]) },
        telemetry: false,
      }),
    ],
  };
}
