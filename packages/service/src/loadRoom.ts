const MISSING = /Cannot find (?:package|module) '((?:@[\w.-]+\/)?[\w.-]+)/;

function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const isMissing = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
  return isMissing ? MISSING.exec(error.message)?.[1] : undefined;
}

/** Loads a room; where the package that it stands on is not installed, the error names the package and who asked for it. */
export async function loadRoom<Room>(asker: string, load: () => Promise<Room>): Promise<Room> {
  try {
    return await load();
  } catch (error) {
    const name = missingPackage(error);
    if (name === undefined) throw error;
    throw new Error(
      `createService: ${asker} needs the package ${name}, which is not installed: npm install ${name}`,
      {
        cause: error,
      },
    );
  }
}
